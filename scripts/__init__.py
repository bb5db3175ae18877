"""What developers run: measures, data built from files."""

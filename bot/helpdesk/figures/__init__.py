"""What happened, counted by day: nothing in it can be traced to anyone."""

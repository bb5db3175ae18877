"""Finding places: where the person is, what is near, and the details of what was shown."""

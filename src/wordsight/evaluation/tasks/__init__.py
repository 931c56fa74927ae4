"""Tasks, one a file, found through the registry."""

"""The models: one file each, found through the registry."""

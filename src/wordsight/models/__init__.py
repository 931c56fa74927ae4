"""The models: one file each, found through the registry; a model's private part stands beside it."""

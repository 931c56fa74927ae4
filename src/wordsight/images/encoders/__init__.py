"""Image encoders, which turn an image into a row of features: one a file, found through the registry."""

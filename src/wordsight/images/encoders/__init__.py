"""What turns a picture into a row of features: one encoder a file, found through the registry."""

"""File formats of word vectors: one a file, found through the registry."""

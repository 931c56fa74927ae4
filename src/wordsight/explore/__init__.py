"""The explorer: word vectors, their pictures and a map of them, in a browser on this machine."""

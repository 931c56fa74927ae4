"""Tasks that word vectors are judged on, one a file; knows nothing of models."""

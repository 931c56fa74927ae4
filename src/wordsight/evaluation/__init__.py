"""Tasks that word vectors are judged on, their metrics and data; knows nothing of models."""

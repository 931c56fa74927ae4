"""Trained vectors: queries and file formats; knows nothing of models."""

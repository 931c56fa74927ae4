"""Trained vectors: search and file formats; knows nothing of models."""

"""Training loops, shared by all models."""

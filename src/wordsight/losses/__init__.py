"""Losses: pure functions on tensors, one a file."""

"""Callbacks that keep the progress of a run: JSON lines, TensorBoard, Weights & Biases."""

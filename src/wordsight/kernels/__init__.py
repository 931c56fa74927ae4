"""The hot loops, compiled by numba, beside plain NumPy references."""

VERSION = 2
"""Grows when a kernel learns other vectors from the same seed than before, so that no kept figure outlives it."""

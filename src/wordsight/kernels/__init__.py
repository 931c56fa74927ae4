"""The hot loops, compiled by numba, each with a plain NumPy reference beside it."""

VERSION = 2
"""Version of the kernels, part of the key of stored results. Raised when the same seed gives other vectors."""

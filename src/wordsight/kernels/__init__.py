"""The hot loops, compiled by numba, beside plain NumPy references."""

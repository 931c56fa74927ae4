"""The hot loops, compiled by numba, each with a plain NumPy reference beside it."""

import os

from wordsight.errors import ParameterError

# numba itself raises a ValueError that names neither the variable nor what to do, when the first kernel is compiled.
if (_threads := os.environ.get("NUMBA_NUM_THREADS", "").strip()).lstrip("-").isdigit() and int(_threads) < 1:
    raise ParameterError(f"NUMBA_NUM_THREADS is {_threads}; unset it, or set it to at least 1")

VERSION = 3
"""Version of the kernels, part of the key of stored results. Raised when the same seed gives other vectors."""

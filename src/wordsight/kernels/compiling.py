"""Says so when a kernel has to be compiled: the first run on a machine would else seem to hang."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds before a word is said; loading a kernel that was compiled before takes less."""


def compile_kernel(kernel: Callable[..., Any], *nothing: Any) -> None:
    """Compiles a kernel, or loads what an earlier run compiled, before the clock and the threads run.

    Args:
        kernel: compiled by numba at its first call with arguments of some types.
        nothing: arguments of those types with which it has nothing to do.
    """
    message = threading.Timer(PATIENCE, log.info, ["compiling for this processor; later runs need not"])
    message.start()
    try:
        kernel(*nothing)
    finally:
        message.cancel()

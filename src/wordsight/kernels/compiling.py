"""Compilation of a kernel before its first use, with a log message if this takes long."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds before the message; loading a kernel that was compiled earlier takes less."""


def compile_kernel(kernel: Callable[..., Any], *nothing: Any) -> None:
    """Compiles a kernel, or loads it from numba's cache, before timers and threads start.

    Args:
        kernel: numba compiles it at its first call with arguments of some types.
        nothing: arguments of these types for a call that does nothing.
    """
    message = threading.Timer(PATIENCE, log.info, ["compiling for this processor, once; later runs start at once"])
    message.start()
    try:
        kernel(*nothing)
    finally:
        message.cancel()

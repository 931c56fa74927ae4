"""Compilation of kernels: kept on disk as long as no kernel's source changes, with a message if it takes long."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds before the message; loading a kernel that was compiled earlier takes less."""


def kept_njit(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator like ``numba.njit(cache=True, …)`` that sees changes in all kernels' files.

    numba looks at the function's own file only, and so would serve machine code that was made of an older version of
    what a kernel inlines. It takes the processor, its own version and the types of the arguments into account itself.

    Args:
        options: numba's, without ``cache``.
    """

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        dispatcher: Callable[..., Any] = numba.njit(**options)(function)
        if dispatcher is not function:  # as it is where NUMBA_DISABLE_JIT is set
            vars(dispatcher)["_cache"] = _Cache(function)  # type: ignore[no-untyped-call]
        return dispatcher

    return compiled


@functools.cache
def sources() -> str:
    """A short hash of the sources of all kernels."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


class _Names(CompileResultCacheImpl):
    """Names of files that have the hash of the sources at their end."""

    def get_filename_base(self, fullname: str, abiflags: str) -> str:
        numbas = super().get_filename_base(fullname, abiflags)  # type: ignore[no-untyped-call]
        return f"{numbas}-{sources()}"


class _Cache(FunctionCache):
    """numba's cache on disk under these names; what other sources left there is deleted."""

    _impl_class = _Names

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keeps a compiled kernel in the place of older ones."""
        super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        for path in Path(self.cache_path).glob("*.nb[ci]"):
            if f"-{sources()}." not in path.name:
                with contextlib.suppress(OSError):  # another process was quicker
                    path.unlink()


def compile_kernel(kernel: Callable[..., Any], *nothing: Any) -> None:
    """Compiles a kernel, or loads it from numba's cache, before timers and threads start.

    A word is said where that takes long: the first run on a machine would else seem to hang.

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

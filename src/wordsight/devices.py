"""Devices and threads: what ``device`` and ``workers`` mean, in all models, tasks and encoders.

``device``: ``"auto"`` is a CUDA GPU where there is one, else the CPU; ``"cpu"``, ``"cuda"``, ``"cuda:1"`` are these.
``workers``: how many threads work at the same time, at least 1; None is one for each core.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wordsight.errors import ParameterError

if TYPE_CHECKING:
    import torch


def device(name: str) -> torch.device:
    """Finds a device by its name.

    Args:
        name: ``"auto"``, ``"cpu"``, ``"cuda"``, ``"cuda:1"``, or another that torch knows.

    Raises:
        ParameterError: torch has no such device, or it cannot be used on this machine.
    """
    import torch  # importing it takes a second, so only what needs it does

    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        chosen = torch.device(name)
    except (RuntimeError, TypeError):
        raise ParameterError(f"device is {name!r}; write 'auto', 'cpu' or 'cuda'") from None
    if chosen.type == "cuda" and (chosen.index or 0) >= torch.cuda.device_count():
        raise ParameterError(f"device is {name!r}, but there are {torch.cuda.device_count()} CUDA devices; use 'cpu'")
    try:
        torch.empty(0, device=chosen)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        raise ParameterError(f"device is {name!r}, which cannot be used here ({reason}); use 'cpu'") from None
    return chosen


def n_workers(workers: int | None) -> int:
    """Returns the number of threads that ``workers`` stands for; None is one for each core.

    Raises:
        ParameterError: ``workers`` is less than 1.
    """
    if workers is None:
        return os.cpu_count() or 1
    if workers < 1:
        raise ParameterError(f"workers is {workers}; it must be at least 1, or None for one a core")
    return workers


@contextlib.contextmanager
def threads(workers: int | None) -> Iterator[None]:
    """Sets the number of torch's threads within the block; afterwards, also after an error, it is as before.

    Raises:
        ParameterError: ``workers`` is less than 1.
    """
    import torch

    n_threads, before = n_workers(workers), torch.get_num_threads()
    try:
        torch.set_num_threads(n_threads)
        yield
    finally:
        torch.set_num_threads(before)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Lets torch and BLAS, the linear algebra of NumPy and SciPy, use one thread each within the block.

    It is for small matrices, where more threads only wait for each other, and for the processor where it is busy.
    Afterwards both use as many as before, also after an error.
    """
    from threadpoolctl import threadpool_limits

    with threads(1), threadpool_limits(1, user_api="blas"):
        yield

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
    """Limits the threads of torch, and of NumPy's and SciPy's linear algebra (BLAS, OpenMP), within the block.

    Torch uses as many as ``workers`` says; BLAS and OpenMP at most as many, and never more than before, since the user
    may have limited them (``OMP_NUM_THREADS``). One thread is for small matrices, where more only wait for each other,
    and for what runs beside threads of ours. Afterwards, also after an error, all is as before.

    Raises:
        ParameterError: ``workers`` is less than 1.
    """
    import torch
    from threadpoolctl import ThreadpoolController

    n_threads, before = n_workers(workers), torch.get_num_threads()
    pools = ThreadpoolController()
    limits = {pool["prefix"]: min(n_threads, pool["num_threads"]) for pool in pools.info()}
    try:
        with pools.limit(limits=limits):
            torch.set_num_threads(n_threads)
            yield
    finally:
        torch.set_num_threads(before)

"""Memory: how much is free on this machine, and what a run needs, known before it begins."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from wordsight.errors import OutOfMemoryError

CGROUPS = Path("/sys/fs/cgroup")
MEMINFO = Path("/proc/meminfo")
LIMITS = (("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"))
"""The files of a cgroup's limit and of what it uses, of version 2 and of version 1."""
TRAINED_BYTES = 16
"""Bytes that a float32 weight takes in training: itself, its gradient and the two means of Adam."""


def free_memory() -> int | None:
    """Bytes that this process may still take, on the machine and in its cgroup; None where nothing says it."""
    found = [_available(), *(_left_in_cgroup(CGROUPS / limit, CGROUPS / used) for limit, used in LIMITS)]
    return min((n for n in found if n is not None), default=None)


def _available() -> int | None:
    """Linux's estimate of what can be taken without swapping."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in MEMINFO.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _left_in_cgroup(limit: Path, used: Path) -> int | None:
    """What a cgroup's limit leaves; None where there is no cgroup, or no limit ("max")."""
    with contextlib.suppress(OSError, ValueError):
        return max(int(limit.read_text()) - int(used.read_text()), 0)
    return None


def check_memory(needed: int, what: str, smaller: str) -> None:
    """Does nothing where so much memory is free.

    Args:
        needed: bytes.
        what: what they are for, in the plural, such as ``"vectors of 10 words × 5 numbers"``.
        smaller: what the user should make smaller.

    Raises:
        OutOfMemoryError: less is free; the message says both figures.
    """
    free = free_memory()
    if free is not None and needed > free:
        raise OutOfMemoryError(
            f"{what} need {gigabytes(needed)} of memory, and {gigabytes(free)} are free; make {smaller} smaller"
        )


def check_table(rows: int, dim: int, smaller: str) -> None:
    """Does nothing where there is memory to train so many vectors; four arrays of their size are needed.

    Args:
        rows: number of vectors.
        dim: length of the vectors.
        smaller: the hyperparameters that determine both.

    Raises:
        OutOfMemoryError: there is not.
    """
    check_memory(rows * dim * TRAINED_BYTES, f"tables of {rows:,} vectors of {dim:,} numbers", smaller)


def check_layers(sizes: Sequence[int], smaller: str) -> None:
    """Does nothing where there is memory to train linear layers with Adam.

    Args:
        sizes: lengths of the input, of the hidden layers and of the output.
        smaller: the hyperparameters that determine them.

    Raises:
        OutOfMemoryError: there is not.
    """
    weights = sum((a + 1) * b for a, b in itertools.pairwise(sizes))
    shown = " × ".join(f"{size:,}" for size in sizes)
    check_memory(weights * TRAINED_BYTES, f"layers of {shown} units", smaller)


@contextlib.contextmanager
def one_line_out_of_memory(doing: str) -> Iterator[None]:
    """Makes of Python's, NumPy's and torch's errors about memory one of ours.

    Args:
        doing: what is done within the block, such as ``"training SGNS"``.

    Raises:
        OutOfMemoryError: there was not enough memory.
    """
    try:
        yield
    except OutOfMemoryError:
        raise
    except MemoryError as error:
        raise _out_of_memory(doing, error) from error
    except RuntimeError as error:
        # torch.OutOfMemoryError of a GPU is a RuntimeError, and so is what torch raises for the main memory.
        if "out of memory" not in str(error).lower() and "can't allocate memory" not in str(error):
            raise
        raise _out_of_memory(doing, error) from error


def _out_of_memory(doing: str, error: Exception) -> OutOfMemoryError:
    reason = " ".join(str(error).split("\n")[0].split())
    return OutOfMemoryError(f"{doing} ran out of memory{f' ({reason})' if reason else ''}; use smaller settings")


def gigabytes(n_bytes: int) -> str:
    """``"1.5 GB"``; one digit of what is less."""
    return f"{n_bytes / 1e9:,.1f} GB" if n_bytes >= 1e8 else f"{n_bytes / 1e9:.2g} GB"

"""``wordsight doctor``: what is installed here, whether it works, and how to get what is missing."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from wordsight.cli import _show as show
from wordsight.resources import free_memory, gigabytes
from wordsight.version import versions

PACKAGES = ("numpy", "scipy", "numba", "torch", "safetensors", "pillow", "typer", "rich")

LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Environment variables that limit threads."""


def doctor() -> None:
    """Show versions, threads, the state of numba and torch, and what extras are missing."""
    table = show.table("what", "state")
    facts = {
        "python": f"{platform.python_version()}, {sys.executable}",
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        **versions(),
        **{package: _version(package) for package in PACKAGES},
        "numba": f"{_version('numba')}; {_numba()}",
        "torch": f"{_version('torch')}; {_torch()}",
        "BLAS": _pools("blas"),
        "OpenMP": _pools("openmp"),
        "limits of threads": ", ".join(f"{name}={os.environ[name]}" for name in LIMITS if name in os.environ) or "none",
        "memory": _memory(),
        **{f"extra {extra}": state for extra, state in _extras().items()},
        **{name: _folder(name) for name in ("WORDSIGHT_DATA", "WORDSIGHT_CACHE", "NLTK_DATA")},
    }
    for what, state in facts.items():
        table.add_row(what, state)
    show.console().print(table)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _numba() -> str:
    """Compiles and runs a small loop, and looks where compiled kernels are kept."""
    try:
        import numba

        double = numba.njit(lambda x: 2 * x)
        works = "compiles" if double(21) == 42 else "compiles wrongly: install it again"
    except Exception as error:  # whatever is wrong with an installation is what doctor is there to say
        return f"does not work: {error}"
    import wordsight.kernels

    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or Path(wordsight.kernels.__file__ or "").parent)
    place = "is kept" if os.access(folder, os.W_OK) else "goes to the user's cache (the package's folder is read-only)"
    return f"{works}; {numba.get_num_threads()} threads; compiled code {place}"


def _pools(kind: str) -> str:
    """The libraries with threads of their own that NumPy, SciPy and torch have loaded, and their threads."""
    import scipy.linalg  # noqa: F401 - loads SciPy's
    from threadpoolctl import threadpool_info

    pools = [pool for pool in threadpool_info() if pool["user_api"] == kind]
    found = (
        f"{pool['prefix']} {pool['version'] or ''}".rstrip() + f", {pool['num_threads']} threads" for pool in pools
    )
    return "; ".join(dict.fromkeys(found)) or "not loaded"


def _memory() -> str:
    free = free_memory()
    return "how much is free is not known here" if free is None else f"{gigabytes(free)} free for this process"


def _torch() -> str:
    try:
        import torch

        if not torch.cuda.is_available():
            return f"{torch.get_num_threads()} threads; no GPU"
        devices = ", ".join(torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count()))
        return f"{torch.get_num_threads()} threads; CUDA {torch.version.cuda}: {devices}"
    except Exception as error:
        return f"does not work: {error}"


def _extras() -> dict[str, str]:
    """Extra → its packages' versions, or how to get it."""
    from wordsight.extras import EXTRAS, missing

    lacking = missing()
    return {
        extra: f"missing {', '.join(lacking[extra])}; type: pip install 'wordsight[{extra}]'"
        if extra in lacking
        else ", ".join(f"{module.replace('_', '-')} {_version(module.replace('_', '-'))}" for module in modules)
        for extra, modules in EXTRAS.items()
    }


def _folder(variable: str) -> str:
    """The state of an environment variable that names a folder."""
    value = os.environ.get(variable)
    if not value:
        return "not set"
    return value if Path(value).is_dir() else f"{value}, which is not a folder"

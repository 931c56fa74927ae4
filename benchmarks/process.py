"""A program in a process of its own, and the figures that it prints: what it does to memory is its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

PEAK = "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024"
"""Python for the peak memory of the process so far, in MiB on Linux."""


def run(program: str, *arguments: str) -> dict[str, Any]:
    """Runs Python code whose last printed line is a JSON object, and returns that."""
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result

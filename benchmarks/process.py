"""A program in its own process, whose peak memory can be measured, and the figures that it prints."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

PEAK = "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024"
"""Python expression for the peak memory of the process in MiB, on Linux."""


def run(program: str, *arguments: str) -> dict[str, Any]:
    """Runs Python code and returns the JSON object that it prints as its last line."""
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result

"""Fixtures that all tests share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Processes that run tests side by side share the cores: more threads in each would only wait for each other.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# A loaded machine is no failure: nothing is timed in tests.
settings.register_profile("wordsight", deadline=None, derandomize=True)
settings.load_profile("wordsight")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data; tests that use it carry ``@pytest.mark.data``."""
    return Path(os.environ["WORDSIGHT_DATA"])


@pytest.fixture(scope="session", autouse=True)
def sigint_interrupts() -> Iterator[None]:
    """Makes SIGINT raise KeyboardInterrupt, also where the tests were started with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips the tests on real data where there is none."""
    if os.environ.get("WORDSIGHT_DATA"):
        return
    for item in items:
        if item.get_closest_marker("data"):
            item.add_marker(pytest.mark.skip(reason="WORDSIGHT_DATA is not set"))

"""Fixtures that all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A loaded machine is no failure: nothing is timed in tests.
settings.register_profile("wordsight", deadline=None, derandomize=True)
settings.load_profile("wordsight")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data; tests that use it carry ``@pytest.mark.data``."""
    return Path(os.environ["WORDSIGHT_DATA"])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips the tests on real data where there is none."""
    if os.environ.get("WORDSIGHT_DATA"):
        return
    for item in items:
        if item.get_closest_marker("data"):
            item.add_marker(pytest.mark.skip(reason="WORDSIGHT_DATA is not set"))

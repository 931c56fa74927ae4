"""Every bad input of the registry is handled as docs/bad-inputs.md says, or refused with one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.robustness.bad_inputs import BadInput, groups

INPUTS = [(title, bad) for title, inputs in groups() for bad in inputs]


@pytest.mark.parametrize(("title", "bad"), INPUTS, ids=[f"{title}-{bad.what}"[:80] for title, bad in INPUTS])
def test_bad_input(title: str, bad: BadInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert bad.outcome() or bad.handled
    assert not list(tmp_path.iterdir()), "nothing is written where the program happens to be"


def test_there_are_many_and_no_two_are_the_same() -> None:
    assert len(INPUTS) >= 60
    assert len({(title, bad.what) for title, bad in INPUTS}) == len(INPUTS)

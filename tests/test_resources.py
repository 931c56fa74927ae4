"""What a run needs is compared with what is free, and running out of memory is one line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wordsight import resources
from wordsight.errors import DataError, OutOfMemoryError, ParameterError
from wordsight.models.cbow import CBOW
from wordsight.models.sgns import SGNS
from wordsight.resources import check_layers, free_memory, one_line_out_of_memory
from wordsight.text.corpus import Corpus


def machine(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> None:
    """Makes these files what the system says."""
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    monkeypatch.setattr(resources, "CGROUPS", folder)
    monkeypatch.setattr(resources, "MEMINFO", folder / "meminfo")


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({}, None),
        ({"meminfo": "MemTotal: 9 kB\nMemAvailable: 2000 kB\n"}, 2_048_000),
        ({"meminfo": "MemAvailable: 2000 kB\n", "memory.max": "max\n", "memory.current": "5\n"}, 2_048_000),
        ({"meminfo": "MemAvailable: 2000 kB\n", "memory.max": "1000\n", "memory.current": "400\n"}, 600),
        ({"memory/memory.limit_in_bytes": "900", "memory/memory.usage_in_bytes": "1000"}, 0),
    ],
)
def test_what_is_free_is_the_least_of_machine_and_cgroup(
    files: dict[str, str], free: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch, files)
    assert free_memory() == free


def test_too_much_is_refused_with_both_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "free_memory", lambda: 1_000_000_000)
    # (10,000 + 1) · 10,000 weights of 16 bytes are 1.6 GB.
    said = "layers of 10,000 × 10,000 units need 1.6 GB of memory, and 1.0 GB are free; make hidden smaller"
    with pytest.raises(OutOfMemoryError, match=said):
        check_layers([10_000, 10_000], "hidden")
    check_layers([7_000, 7_000], "hidden")
    monkeypatch.setattr(resources, "free_memory", lambda: None)
    check_layers([10_000, 10_000], "hidden")


@pytest.mark.parametrize(
    "error", [MemoryError(), MemoryError("Unable to allocate 3 TiB"), RuntimeError("CUDA out of memory. Tried\nto")]
)
def test_running_out_of_memory_is_one_line(error: Exception) -> None:
    said = r"^training X ran out of memory[^\n]*; use smaller settings$"
    with pytest.raises(OutOfMemoryError, match=said), one_line_out_of_memory("training X"):
        raise error


def test_other_errors_stay_as_they_are() -> None:
    with pytest.raises(RuntimeError, match=r"^a bug$"), one_line_out_of_memory("training X"):
        raise RuntimeError("a bug")


def test_a_fit_that_runs_out_of_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        np.empty(2**60, np.uint8)

    monkeypatch.setattr("wordsight.kernels.vector_tables.aligned_zeros", full)
    with pytest.raises(OutOfMemoryError, match="training ran out of memory"):
        CBOW(dim=4, subsample=0).fit(Corpus.from_documents([["a", "b"]] * 5, min_count=1))


def test_a_text_of_which_nothing_is_kept_is_refused() -> None:
    # Shares of 1/2 and t = 1e-4: √(2e-4) + 2e-4 = .0143 of 4 words are .057; squared, of 2 documents, far below a pair.
    corpus = Corpus.from_documents([["a", "b"]] * 2, min_count=1)
    with pytest.raises(DataError, match=r"subsample leaves about 0\.057 of the text's 4 words.*subsample=0"):
        SGNS(dim=4, workers=1).fit(corpus)
    assert len(SGNS(dim=4, workers=1, subsample=0).fit(corpus).vectors_) == 2


def test_more_negatives_than_words_are_refused() -> None:
    corpus = Corpus.from_documents([["a", "b"]] * 2, min_count=1)
    with pytest.raises(ParameterError, match="negatives is 21, but the vocabulary has 2 words; 5 to 20 are usual"):
        SGNS(dim=4, workers=1, subsample=0, negatives=21).fit(corpus)
    SGNS(dim=4, workers=1, subsample=0, negatives=20).fit(corpus)

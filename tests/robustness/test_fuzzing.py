"""Whatever is in a file, its reader gives something or refuses it with one line; nothing else ever happens.

``WORDSIGHT_FUZZ=200`` tries so many times as many files, and others each time.
"""

from __future__ import annotations

import os
import shutil
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.robustness.findings import FINDINGS
from tests.robustness.fuzzing import Reader, readers, spoiled

from wordsight.errors import WordsightError

FACTOR = int(os.environ.get("WORDSIGHT_FUZZ", "1"))
EXAMPLES = 60
"""For each reader; those found to be bad are in findings.py."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reader]:
    return readers(tmp_path_factory.mktemp("made"))


NAMES = [
    "text", "text.gz", "text.xz", "text.bz2", "lexicon table", "captions table", "emoji table", "parquet",
    "rated pairs", "semsim", "dictionary", "word2vec text", "word2vec binary", "glove", "npz", "safetensors", "npy",
    "config", "candidates", "coco", "karpathy", "tar of images", "tar of captions", "image", "recipe", "data check",
]  # fmt: skip


def survives(reader: Reader, content: bytes, folder: Path) -> None:
    """Reads a file in a new folder."""
    folder.mkdir()
    try:
        (folder / reader.name).write_bytes(content)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
            reader.read(folder / reader.name)
    except WordsightError as error:
        assert str(error) and "\n" not in str(error), str(error)
    finally:
        shutil.rmtree(folder)


def test_all_readers_are_known(known: dict[str, Reader], tmp_path: Path) -> None:
    assert list(known) == NAMES
    for reader in known.values():
        (tmp_path / reader.name).write_bytes(reader.good)
        reader.read(tmp_path / reader.name)


@pytest.mark.parametrize("name", NAMES)
@settings(
    max_examples=EXAMPLES * FACTOR,
    derandomize=FACTOR == 1,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(data=st.data())
def test_spoiled_files(name: str, data: st.DataObject, known: dict[str, Reader], tmp_path: Path) -> None:
    survives(known[name], data.draw(spoiled(known[name].good)), tmp_path / "f")


@pytest.mark.parametrize(("name", "content"), FINDINGS)
def test_what_fuzzing_has_found(name: str, content: bytes, known: dict[str, Reader], tmp_path: Path) -> None:
    survives(known[name], content, tmp_path / "f")

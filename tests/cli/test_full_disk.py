"""Each long job on a disk that is full, then on the same disk with room; and inputs that end too early."""

from __future__ import annotations

import contextlib
import json
import lzma
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.cli.conftest import Run

from wordsight.images import _partial_features as partial
from wordsight.models.sgns import SGNS
from wordsight.papers import recipes as recipe
from wordsight.papers import registry
from wordsight.papers.base import Cell, ReportTable, Reproduction, Row, fitted
from wordsight.text.corpus import Corpus

Jobs = dict[str, tuple[object, ...]]
KEPT = ("*.safetensors", "*.npy", "*.txt")


class Paper(Reproduction):
    """One model on the corpus of the test."""

    name = "tiny"

    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        model = SGNS(dim=32, epochs=1, workers=1)
        yield Cell({}, lambda: [{"n": fitted(model, Corpus.load(data / "corpus")).vectors_.matrix[0].tolist()}] * 50)

    def tables(self, rows: Sequence[Row]) -> list[ReportTable]:
        return []


@pytest.fixture
def jobs(run: Run, tmp_path: Path, text: Path, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """The commands, and what they need; each writes more than 40 KiB."""
    words = [f"w{i}" for i in range(400)]
    lines = np.random.default_rng(0).choice(words, (150, 50))
    (tmp_path / "long.txt").write_text("".join(" ".join(line) + "\n" for line in lines))
    (tmp_path / "photos").mkdir()
    for i in range(40):
        Image.new("RGB", (8, 8), (6 * i, 99, 99)).save(tmp_path / f"photos/{i:02}.png")
    assert run("encode-text", "long.txt", "--output", "corpus").code == 0
    monkeypatch.setattr(partial, "_SECONDS_BETWEEN_SAVES", 0.0)
    (tmp_path / "recipes/tiny").mkdir(parents=True)
    about = 'title = "t"\ncitation = "c"\nprotocol = "p"\n[scales.standard]\n[scales.paper]\n'
    (tmp_path / "recipes/tiny/recipe.toml").write_text(about)
    (tmp_path / "recipes/tiny/table1.toml").write_text('title = "t"\n')
    monkeypatch.setattr(recipe, "RECIPES", tmp_path / "recipes")
    monkeypatch.setitem(registry.REPRODUCTIONS, "tiny", f"{__name__}:Paper")
    return {
        "encode-text": ("encode-text", "long.txt"),
        "extract": ("extract", "photos", "--batch-size", 4, "--workers", 1),
        "train": ("train", "sgns", "--corpus", "corpus", "--workers", 1, "--set", "model.dim=16"),
        "reproduce": ("reproduce", "tiny", "--data", "."),
    }


@pytest.mark.parametrize("job", ["encode-text", "extract", "train", "reproduce"])
def test_a_full_disk_is_one_line_and_room_is_enough_to_go_on(
    run: Run, jobs: Jobs, job: str, tmp_path: Path, small_disk: Path
) -> None:
    assert run(*jobs[job], "--output", "whole").code == 0
    with contextlib.suppress(OSError):
        (small_disk / "filler").write_bytes(bytes(256 * 1024 - 40 * 1024))
    result = run(*jobs[job], "--output", "disk/out")
    *_, last = result.err.splitlines()
    assert result.code == 2 and last.startswith("wordsight: error: cannot write disk/out"), result.err
    assert "No space left on device" in last
    assert not list(small_disk.rglob("*.tmp")) and not (small_disk / "out/config.json").exists()

    (small_disk / "filler").unlink()
    assert run(*jobs[job], "--output", "disk/out").code == 0
    for pattern in KEPT:
        for path in (tmp_path / "whole").rglob(pattern):
            assert (small_disk / "out" / path.relative_to(tmp_path / "whole")).read_bytes() == path.read_bytes()
    if job == "reproduce":
        reports = [
            json.loads((folder / "tiny.json").read_text()) for folder in (tmp_path / "whole", small_disk / "out")
        ]
        assert reports[0]["rows"] == reports[1]["rows"]
    assert [path.name for path in small_disk.iterdir()] == ["out"]


def test_a_text_that_is_cut_off_while_it_is_read(run: Run, tmp_path: Path) -> None:
    """After the first blocks were encoded: nothing of it counts, and the mended file is encoded from its beginning."""
    lines = "".join(f"{i} {i * i} goose\n" for i in range(400_000)).encode()
    whole = lzma.compress(lines, preset=0)
    (tmp_path / "text.xz").write_bytes(whole[: len(whole) * 3 // 4])
    result = run("encode-text", "text.xz", "--output", "corpus", "--min-count", 1)
    assert result.code == 2 and "error: text.xz is damaged or cut off" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["text.xz"]
    (tmp_path / "text.xz").write_bytes(whole)
    assert run("encode-text", "text.xz", "--output", "corpus", "--min-count", 1).code == 0
    assert len(Corpus.load(tmp_path / "corpus").ids) == 1_200_000


def test_a_shard_that_is_cut_off(run: Run, tmp_path: Path) -> None:
    import tarfile

    Image.effect_noise((64, 64), 50).save(tmp_path / "a.png")
    with tarfile.open(tmp_path / "00000.tar", "w") as archive:
        for i in range(5):
            archive.add(tmp_path / "a.png", f"{i}.png")
    data = (tmp_path / "00000.tar").read_bytes()
    Path(tmp_path / "00000.tar").write_bytes(data[: len(data) // 2])
    result = run("extract", "00000.tar", "--output", "features", "--workers", 1)
    assert result.code == 2 and "00000.tar is not a whole tar file" in result.err
    assert not list(tmp_path.glob("features*"))

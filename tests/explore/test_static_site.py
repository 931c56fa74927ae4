"""The explorer as files: each answer stands where the page looks for it, and is what the server would say."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.explore.conftest import WORDS

from wordsight.errors import DataError, WriteError
from wordsight.explore import application, static_site
from wordsight.explore.answers import Answers
from wordsight.explore.collection import Collection
from wordsight.explore.static_site import part_of, write_site
from wordsight.explore.word_maps import METHODS

N_WORDS = 6


@pytest.fixture
def site(collection: Collection, own_page: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(static_site, "SHARD", 4)
    monkeypatch.setattr("wordsight.explore.collection.METHODS", METHODS[:1])
    write_site(collection, tmp_path / "site", N_WORDS)
    return tmp_path / "site"


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_page_finds_everything(site: Path, collection: Collection) -> None:
    info = read(site / "api/info.json")
    assert info["static"] == {"shard": 4, "n": static_site.N_ANSWERS, "maps": ["pca"], "crosslingual": True}
    assert [model["n_words"] for model in info["models"]] == [N_WORDS, N_WORDS]
    assert (site / "index.html").is_file() and (site / "app.js").is_file()
    words = read(site / "api/map/0/words.json")["words"]
    assert words == ["goose", "duck", "bird", "gans", "ente", "auto"], "the first of each language"
    part = part_of(collection, N_WORDS)
    answers = Answers(part, ThreadPoolExecutor(1))
    for row, word in enumerate(part.spaces[1].vectors.words):
        shard, place = f"{row // 4}.json", row % 4
        found = {
            kind: read(site / "api" / kind / "1" / shard)[place] for kind in ("neighbours", "pictures", "crosslingual")
        }
        assert found["neighbours"]["terms"][0]["row"] == row
        assert {near["row"] for near in found["neighbours"]["neighbours"]} == set(range(N_WORDS)) - {row}
        assert found["neighbours"] == asyncio.run(answers.neighbours(word, 1, None, False, static_site.N_ANSWERS))
        assert set(found["crosslingual"]["languages"]) == {"de", "en"}
    points = np.frombuffer((site / "api/map/0.pca.bin").read_bytes(), "<f4").reshape(-1, 2)
    assert points.shape == (N_WORDS, 2) and np.abs(points).max() <= 1


def test_pictures_are_numbered_anew(site: Path, photos: Path) -> None:
    info = read(site / "api/info.json")
    assert info["pictures"]["n"] == 4, "those of goose and duck; the car is not among the words"
    for row in range(4):
        said = read(site / "api/picture/0/0.json")[row]["picture"]
        for size in info["pictures"]["sizes"]:
            with Image.open(site / f"thumbnail/{row}-{size}.{info['pictures']['ending']}") as image:
                assert max(image.size) == size
                colour = Image.open(photos / said["id"]).getpixel((0, 0))
                shown = image.convert("RGB").getpixel((5, 5))
                assert np.abs(np.subtract(shown, colour)).max() < 12  # type: ignore[arg-type]


def test_a_site_replaces_a_site_and_nothing_else(site: Path, collection: Collection) -> None:
    write_site(collection, site, N_WORDS)
    (site / "api" / "mine.txt").touch()
    with pytest.raises(WriteError, match=r"holds api/mine\.txt, which wordsight did not write"):
        write_site(collection, site, N_WORDS)
    (site / "api" / "mine.txt").unlink()
    (site / "thumbnail" / "mine").mkdir()
    with pytest.raises(WriteError, match=r"holds thumbnail/mine, which"):
        write_site(collection, site, N_WORDS)
    assert (site / "index.html").is_file()


def test_a_folder_of_ours_that_leads_elsewhere_is_not_followed(
    site: Path, collection: Collection, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (site / "api").rename(tmp_path / "elsewhere" / "api")
    (site / "api").symlink_to(tmp_path / "elsewhere" / "api")
    with pytest.raises(WriteError, match="holds api, which wordsight did not write"):
        write_site(collection, site, N_WORDS)
    assert (tmp_path / "elsewhere" / "api" / "info.json").is_file()


def test_without_a_page_nothing_is_written(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "PAGE", tmp_path / "none")
    with pytest.raises(DataError, match="page is not in this installation"):
        write_site(collection, tmp_path / "site", 2)
    assert not (tmp_path / "site").exists() and WORDS

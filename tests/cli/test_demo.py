"""``demo``: on few languages and after one epoch; that its figures are good is tested with the model."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.cli.conftest import Refused, Run

import wordsight
from wordsight.cli._emoji_world import training_captions
from wordsight.cli.demo import GROUPS, group_words
from wordsight.datasets.emoji_world import emoji_world
from wordsight.grounding.captions import ImageCaptions
from wordsight.models.imagevec import ImageVec
from wordsight.vectors.word_vectors import WordVectors


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """One epoch in place of the full training."""
    fit = ImageVec.fit
    monkeypatch.setattr(ImageVec, "fit", lambda model, captions: fit(model.set_params(epochs=1), captions))


def test_demo_shows_everything_and_what_to_type_next(run: Run, tmp_path: Path, short: None) -> None:
    result = run("demo", "--languages", "sw,zu,en", "--output", "out")
    assert result.code == 0
    for part in ("Translations found", "How good", "chance", "Nearest words", "Emoji that depict", "saved in out"):
        assert part in result.out
    assert "🐕" in result.out and "mbwa" in result.out
    config = json.loads((tmp_path / "out" / "config.json").read_text())
    assert config["model"] == "imagevec" and config["data"]["emoji world"]["languages"] == ["sw", "zu", "en"]
    assert wordsight.load(tmp_path / "out").vectors_.languages == ["en", "sw", "zu"]
    commands = [line.split() for line in result.out.splitlines() if line.startswith("  wordsight neighbors")]
    assert len(commands) == 2
    for _, *arguments in commands:
        assert run(*arguments).code == 0


def test_the_two_sides_share_no_picture() -> None:
    captions = training_captions(emoji_world(["en", "de", "fr"]))
    assert captions.languages is not None and captions.features.sources is not None
    vendors: dict[str, set[str]] = {}
    for language, row in zip(captions.languages, captions.image_rows, strict=True):
        vendors.setdefault(language, set()).add(captions.features.sources[row])
    assert vendors == {"en": {"noto"}, "de": {"twitter"}, "fr": {"twitter"}}


def test_a_query_comes_as_often_as_cldr_has_it() -> None:
    world = emoji_world(["en", "de"])
    captions = training_captions(world)
    assert captions.languages is not None
    emoji = [captions.features.ids[row].partition("/")[2] for row in captions.image_rows]
    found = Counter(zip(captions.languages, emoji, captions.captions, strict=True))
    drawn = {(language, e) for language, e, _ in found}
    listed = Counter(
        (a.language, a.emoji, query)
        for a in world.annotations
        for query in (a.name, *dict.fromkeys(a.keywords))
        if (a.language, a.emoji) in drawn
    )
    assert found == listed


def test_group_words_name_their_groups() -> None:
    world = emoji_world(["en"])
    keywords = dict.fromkeys(f"en:{k.lower()}" for a in world.annotations for k in a.keywords if k.isalpha())
    found = dict(zip(GROUPS, group_words(world, WordVectors(list(keywords), [[1]] * len(keywords))), strict=True))
    assert found["animal-bird"] == "en:bird" and found["plant-flower"] == "en:flower"
    assert found["food-fruit"] == "en:fruit" and found["animal-bug"] == "en:insect"


def test_demo_refuses_bad_input(refused: Refused, tmp_path: Path) -> None:
    refused("demo", "--languages", "en", because="at least two are needed")
    refused("demo", "--languages", "en,xx", because="unknown language 'xx'")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    refused("demo", "--output", "mine", because="mine exists and was not written by wordsight")


def test_ctrl_c_during_the_demo_saves(run: Run, tmp_path: Path, short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(model: ImageVec, captions: ImageCaptions) -> ImageVec:
        fit(model, captions).interrupted_ = True
        return model

    fit = ImageVec.fit
    monkeypatch.setattr(ImageVec, "fit", interrupted)
    result = run("demo", "--languages", "sw,zu", "--output", "out")
    assert result.code == 130 and "saved in out" in result.out
    assert wordsight.load(tmp_path / "out").interrupted_

"""What the README and the hand-written pages show can be typed: their blocks run on small data of those names."""

from __future__ import annotations

import logging
import lzma
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import typer
from PIL import Image

import wordsight as ws
from wordsight.cli import main
from wordsight.cli._app import app

ROOT = Path(__file__).parents[1]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", flags=re.M | re.S)
GUIDES = ("controls", "explorer", "going-on", "interop", "plots", "recipes", "reproduce", "words")
PAGES = ("README.md", *(f"docs/{guide}.md" for guide in GUIDES))
MADE = {"README.md": ["features"], "docs/recipes.md": ["pixie"]}
"""Page → the directories that its own blocks make."""
WORDS = ("goose", "bird", "freedom", "music", "horse", "king", "ocean", "tree", "fire", "bread")


class Block(NamedTuple):
    """A fenced block of a page."""

    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(*found) for found in BLOCK.findall(page.read_text())]


def commands(block: Block) -> Iterator[list[str]]:
    """The words of each command line, without its comment."""
    for line in block.text.splitlines():
        if block.language == "console":
            assert line.startswith("$ "), f"a console block has commands only, not {line!r}"
            yield shlex.split(line[2:], comments=True)
        elif line.startswith("wordsight "):
            yield shlex.split(line, comments=True)


def draw(path: Path, colour: tuple[int, ...]) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (64, 48), colour).save(path)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the blocks name and do not make themselves."""
    folder = tmp_path_factory.mktemp("prepared")
    rng = np.random.default_rng(0)
    world = ws.emoji_world(["en"])
    lines = [f"{a.name} {' '.join(a.keywords)}".lower() for a in world.annotations] * 3
    lines += [" ".join(rng.choice(WORDS, 8)) for _ in range(100)]
    (folder / "more.txt").write_text("\n".join(lines))
    (folder / "wiki.txt.xz").write_bytes(lzma.compress("\n".join(lines).encode()))
    images = [f"birds/{number:04}.jpg" for number in range(1, 13)]
    for image in images:
        (folder / "photos").mkdir(exist_ok=True)
        draw(folder / "photos" / image, tuple(rng.integers(0, 256, 3).tolist()))
    draw(folder / "holiday.jpg", (200, 180, 40))
    labels = [f"{WORDS[i % len(WORDS)]},{image}" for i, image in enumerate(images)]
    (folder / "labels.csv").write_text("\n".join(["word,image", *labels, ""]))
    pairs = [f"{a} {b} {rng.uniform(0, 10):.2f}\n" for a, b in combinations(WORDS, 2)]
    for name in ("EN-MEN-TR-3k.txt", "EN-SIMLEX-999.txt"):
        (folder / name).write_text("".join(pairs))
    rows = [" ".join([word, *(f"{x:.4f}" for x in rng.normal(size=50))]) for word in WORDS]
    (folder / "glove.6B.50d.txt").write_text("\n".join([*rows, ""]))
    ws.ImageFeatures(images, rng.normal(size=(12, 20)).astype(np.float32)).save(folder / "features")
    return folder


def learned(folder: Path) -> dict[str, Any]:
    """The names that blocks of the guides begin with; their models are saved in the folder as well."""
    corpus = ws.Corpus.from_text(folder / "wiki.txt.xz", min_count=5)
    lexicon = ws.VisualLexicon.from_table(folder / "labels.csv", ws.ImageFeatures.load(folder / "features"))
    model = ws.SGNS(dim=20, epochs=1, workers=1).fit(corpus)
    model.save(folder / "first")
    ws.PIXIE(dim=20, epochs=1, workers=1).fit(corpus, lexicon).save(folder / "pixie")
    ws.IESG(dim=20, epochs=1, workers=1).fit(corpus, lexicon).save(folder / "iesg")
    return {"ws": ws, "corpus": corpus, "more": corpus, "lexicon": lexicon, "model": model, "vectors": model.vectors_}


def parse(words: list[str]) -> None:
    """Checks that a command exists and takes these arguments, without running it."""
    group: Any = typer.main.get_command(app)
    group.commands[words[1]].make_context(words[1], words[2:])


def run(words: list[str]) -> None:
    """Runs a command line of the console; what needs hours, other data or a person is only parsed."""
    if words[0] == "make":
        assert f"\n{words[1]}:" in (ROOT / "Makefile").read_text()
    elif words[:2] == ["pip", "install"]:
        extras = re.fullmatch(r"wordsight\[(.+)\]", words[2])
        assert extras and set(extras[1].split(",")) <= set(EXTRAS)
    elif words[1] == "reproduce" or "recipe.toml" in words or (words[1] == "explore" and "--export" not in words):
        parse(words)
    else:
        assert words[0] == "wordsight"
        with pytest.raises(SystemExit) as ended:
            main(words[1:])
        assert not ended.value.code, f"{shlex.join(words)} ended with {ended.value.code}"


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_blocks_run(page: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(prepared, folder)
    monkeypatch.chdir(folder)
    log = logging.getLogger("wordsight")
    before = log.handlers, log.level
    names = {} if page == "README.md" else learned(folder)
    for made in MADE.get(page, ()):
        shutil.rmtree(made)
    try:
        for block in blocks(ROOT / page):
            if block.language == "python":
                exec(compile(block.text, page, "exec"), names)
            elif block.language == "toml":
                Path("pixie.toml").write_text(block.text)
                run(["wordsight", "train", "--config", "pixie.toml", "--dry-run"])
            else:
                for words in commands(block):
                    run(words)
    finally:
        log.handlers, log.level = before


def test_every_page_with_blocks_is_run() -> None:
    """The blocks of docs/models.md are the examples, which tests/test_docs.py runs."""
    shown = {p.relative_to(ROOT).as_posix() for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")] if blocks(p)}
    assert shown == {*PAGES, "docs/models.md"}

"""The explorer as files that any web server serves: the answers for the most frequent words, computed beforehand."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.errors import DataError
from wordsight.explore.answers import Answers
from wordsight.explore.application import page_files
from wordsight.explore.collection import Collection
from wordsight.explore.pictures import Pictures
from wordsight.explore.space import Space
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.decoding import BrokenImage, pillow_warnings
from wordsight.images.features import ImageFeatures
from wordsight.images.thumbnail import ENDING, thumbnail
from wordsight.progress import Advance, progress
from wordsight.storage.atomic import replace_directory
from wordsight.storage.json_toml import write_json
from wordsight.vectors.tsne import why_not
from wordsight.vectors.word_vectors import WordVectors

KIND, FORMAT_VERSION = "site", 1
SHARD = 50
"""How many answers a file holds."""
N_ANSWERS = 12
"""How many neighbours or pictures an answer lists."""
N_CROSSLINGUAL = 3
N_NEAR_PICTURE = 6
PICTURES_A_WORD = 3
"""How many of a word's pictures are kept."""
SIZES = (96, 192)
"""Pixels of the thumbnails."""

Ask = Callable[[int], Awaitable[dict[str, dict[str, Any]]]]
"""Asks about a row; the answers are named by their kinds."""


def write_site(collection: Collection, directory: Path, n_words: int) -> None:
    """Writes the explorer of a part of a collection; an older one there is replaced once the new one is whole.

    Args:
        collection: what is explored.
        directory: where to.
        n_words: how many words of each model are kept, the most frequent of each language; neighbours are sought among
            them alone, so that each leads on.

    Raises:
        DataError: the package has no page, as in a checkout where it was not built.
        WriteError: it cannot be written; nothing half-written is left.
    """
    files = page_files()
    if not files:
        raise DataError("the explorer's page is not in this installation; install wordsight anew")
    part = part_of(collection, n_words)
    with replace_directory(directory) as temporary:
        for name, file in files.items():
            if name != "/":
                (temporary / name[1:]).write_bytes(file.read_bytes())
        (temporary / ".nojekyll").touch()  # GitHub Pages serves all files then
        _write(temporary / "api" / "info.json", _info(part))
        _write_maps(part, temporary / "api" / "map")
        asyncio.run(_write_answers(part, temporary / "api"))
        if part.pictures is not None and part.pictures.has_files:
            _write_thumbnails(part.pictures, temporary / "thumbnail")
        write_json(temporary / "config.json", {"kind": KIND, "format_version": FORMAT_VERSION, "n_words": n_words})


def part_of(collection: Collection, n_words: int) -> Collection:
    """A collection of the most frequent words, and of their first pictures."""
    rows = [space.vectors.most_frequent(n_words) for space in collection.spaces]
    vectors = [
        WordVectors([space.vectors.words[row] for row in kept], space.vectors.matrix[kept])
        for space, kept in zip(collection.spaces, rows, strict=True)
    ]
    pictures = _pictures_of(collection.pictures, [word for one in vectors for word in one.words])
    spaces = [
        Space(
            *(space.name, space.kind, one, collection.executor),
            counts=space.counts,
            entries=None if pictures is None else pictures.entries(one),
        )
        for space, one in zip(collection.spaces, vectors, strict=True)
    ]
    return Collection(
        spaces,
        collection.executor,
        pictures=pictures,
        projections=collection.projections,
        concreteness=collection.concreteness,
    )


def _pictures_of(pictures: Pictures | None, words: list[str]) -> Pictures | None:
    """The first pictures of some words, numbered anew; None where they have none."""
    if pictures is None or pictures.lexicon is None:
        return None
    lexicon = pictures.lexicon
    own = {word: lexicon.images(word)[:PICTURES_A_WORD] for word in dict.fromkeys(words) if word in lexicon}
    if not own:
        return None
    rows, inverse = np.unique(np.concatenate(list(own.values())), return_inverse=True)
    features = pictures.features
    sources = None if features.sources is None else [features.sources[row] for row in rows]
    kept = ImageFeatures(
        [features.ids[row] for row in rows],
        np.array(features.matrix[rows]),
        sources=sources,
        **features.encoder_facts,
    )
    ends = np.cumsum([len(images) for images in own.values()])[:-1]
    numbered = dict(zip(own, np.split(inverse, ends), strict=True))
    return pictures.replaced(kept, VisualLexicon.from_rows(numbered, kept))


def _info(part: Collection) -> dict[str, Any]:
    facts = part.info()
    maps = [method for method in facts["maps"] if method == "pca" or all(not why_not(s.vectors) for s in part.spaces)]
    static = {"shard": SHARD, "n": N_ANSWERS, "maps": maps, "crosslingual": bool(facts["languages"])}
    if facts["pictures"] is not None:
        facts["pictures"] |= {"can_upload": False, "ending": ENDING, "sizes": SIZES}
    return facts | {"static": static, "maps": maps, "token": False, "limits": None}


def _write_maps(part: Collection, folder: Path) -> None:
    methods = _info(part)["maps"]
    for model, word_map in enumerate(part.maps):
        _write(folder / str(model) / "words.json", part.map_words(model))
        for method in methods:
            points = word_map.wait_for_tsne() if method == "tsne" else word_map.points(method)
            assert points is not None
            (folder / f"{model}.{method}.bin").write_bytes(points.astype("<f4").tobytes())


async def _write_answers(part: Collection, folder: Path) -> None:
    """Writes what is said to each word and each picture."""
    answers = Answers(part, part.executor)
    n_pictures = 0 if part.pictures is None else len(part.pictures)
    total = sum(len(space) + n_pictures for space in part.spaces)
    with progress("answers", total, unit="questions") as advance:
        for model, space in enumerate(part.spaces):
            words = space.vectors.words

            async def ask(row: int, model: int = model, words: list[str] = words) -> dict[str, dict[str, Any]]:
                word = words[row]
                said = {"neighbours": await answers.neighbours(word, model, None, False, N_ANSWERS)}
                if part.pictures is not None:
                    said["pictures"] = await answers.pictures(word, model, N_ANSWERS)
                if part.spaces[model].languages:
                    said["crosslingual"] = await answers.crosslingual(word, model, N_CROSSLINGUAL)
                return said

            async def ask_picture(row: int, model: int = model) -> dict[str, dict[str, Any]]:
                return {"picture": await answers.picture(row, model, N_NEAR_PICTURE)}

            await _write_shards(ask, len(space), folder, model, advance)
            await _write_shards(ask_picture, n_pictures, folder, model, advance)


async def _write_shards(ask: Ask, n: int, folder: Path, model: int, advance: Advance) -> None:
    """Writes the answers to questions 0 to n - 1, :data:`SHARD` a file, one folder a kind."""
    for start in range(0, n, SHARD):
        said = await asyncio.gather(*(ask(row) for row in range(start, min(n, start + SHARD))))
        for kind in said[0]:
            _write(folder / kind / str(model) / f"{start // SHARD}.json", [one[kind] for one in said])
        advance(len(said))


def _write_thumbnails(pictures: Pictures, folder: Path) -> None:
    folder.mkdir()
    with pillow_warnings(), progress("thumbnails", len(pictures), unit="pictures") as advance:
        for row in range(len(pictures)):
            with contextlib.suppress(BrokenImage):  # the page shows a placeholder
                data = pictures.read(row)
                for size in SIZES:
                    (folder / f"{row}-{size}.{ENDING}").write_bytes(thumbnail(data, size).data)
            advance(1)


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")), encoding="utf-8")

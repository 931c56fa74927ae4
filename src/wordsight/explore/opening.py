"""Opening: makes what is explored of the paths that a user names."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from wordsight.datasets.emoji_world import ENCODER
from wordsight.errors import ParameterError, WordsightError
from wordsight.explore.collection import MOST_MODELS, Collection
from wordsight.explore.pictures import Pictures
from wordsight.explore.space import Space
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.models.projected_images import Projection, projection_of
from wordsight.storage.tables import read_table
from wordsight.vectors.formats import native, registry
from wordsight.vectors.word_vectors import WordVectors

log = logging.getLogger(__name__)

_SEARCHES_AT_ONCE = 2


class Opened(NamedTuple):
    """Vectors, and what is known of them."""

    name: str
    kind: str
    vectors: WordVectors
    projection: Projection | None


def open_collection(
    paths: Sequence[Path],
    *,
    names: Sequence[str] = (),
    features: ImageFeatures | None = None,
    lexicon: VisualLexicon | None = None,
    folder: Path | None = None,
    corpus: Path | None = None,
    concreteness: Path | None = None,
    title: str = "",
) -> Collection:
    """Opens models side by side.

    Args:
        paths: directories of models or vectors, or files of vectors in any known format.
        names: what their columns are called; none: as the paths are.
        features: of the pictures.
        lexicon: which word has which of them.
        folder: where the image files are.
        corpus: an encoded corpus, whose words have counts.
        concreteness: a table with the columns ``word`` and ``concreteness`` (or those of Brysbaert et al., 2014).
        title: what the pictures are called.

    Raises:
        DataError: one of them cannot be read.
        ParameterError: too many models, or none.
    """
    if not 1 <= len(paths) <= MOST_MODELS:
        raise ParameterError(f"{len(paths)} models; from 1 to {MOST_MODELS} fit side by side")
    glyphs = features is not None and features.encoder == ENCODER
    pictures = None if features is None else Pictures(features, lexicon, folder, glyphs=glyphs, title=title)
    executor = ThreadPoolExecutor(_SEARCHES_AT_ONCE, "search")
    opened = [_opened(path, features) for path in paths]
    counts = None if corpus is None else _counts(corpus)
    names = names or _distinct([one.name for one in opened])
    spaces = [
        Space(
            *(name, one.kind, one.vectors, executor),
            counts=counts,
            entries=None if pictures is None else pictures.entries(one.vectors),
        )
        for name, one in zip(names, opened, strict=True)
    ]
    return Collection(
        spaces,
        executor,
        pictures=pictures,
        projections=[one.projection for one in opened],
        concreteness=None if concreteness is None else _ratings(concreteness),
    )


def _opened(path: Path, features: ImageFeatures | None) -> Opened:
    """One model; what projects images is loaded only where there are features."""
    facts = native.read(path, limit=1).facts if path.is_dir() and registry.by_content(path) else {}
    kind = str(facts.get("model") or "")
    name = path.resolve().name if path.is_dir() else path.name.partition(".")[0]
    if not kind or features is None:
        return Opened(name, kind, WordVectors.load(path), None)
    from wordsight.models.registry import load  # loads torch, which vectors alone do without

    model = load(path)
    projection = projection_of(model)
    if projection is not None:
        try:
            projection(_first(features))
        except WordsightError as error:
            log.warning("%s does not see these pictures, as its own were of another kind: %s", path, error)
            projection = None
    return Opened(name, model.title, model.vectors_, projection)


def _first(features: ImageFeatures) -> ImageFeatures:
    """One picture's features."""
    sources = None if features.sources is None else features.sources[:1]
    return ImageFeatures(features.ids[:1], np.array(features.matrix[:1]), sources=sources, **features.encoder_facts)


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, numbered where one comes again."""
    return [name if names.count(name) == 1 else f"{name} {i}" for i, name in enumerate(names, start=1)]


def _counts(path: Path) -> Mapping[str, int]:
    from wordsight.text.corpus import Corpus  # loads numba, which vectors alone do without

    vocabulary = Corpus.load(path).vocabulary
    return dict(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True))


def _ratings(path: Path) -> dict[str, float]:
    table = read_table(path)
    words, column = table.column("word", "Word"), "Conc.M" if "Conc.M" in table else "concreteness"
    said = table.column(column)
    ratings = zip(words, said, table.numbers(column, default=0.0), strict=True)
    return {word.lower(): rating for word, text, rating in ratings if text}

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from wordsight.errors import DataError, UnknownNameError
from wordsight.grounding.image_splits import in_part, part_of, words_of_images
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures

IDS = [f"images/{i}.jpg" for i in range(400)]


@pytest.fixture(scope="module")
def lexicon() -> VisualLexicon:
    random = np.random.default_rng(0)
    pairs = [(f"w{random.integers(60)}", image, float(random.integers(1, 4))) for image in IDS for _ in range(2)]
    return VisualLexicon.from_pairs(pairs, ImageFeatures(np.ones((len(IDS), 2)), IDS))


def test_the_hash_of_the_path_decides() -> None:
    for image in IDS[:50]:
        remainder = int(hashlib.sha1(image.encode()).hexdigest(), 16) % 16
        assert part_of(image) == {0: "test", 1: "validation"}.get(remainder, "training")


def test_the_parts_make_up_the_whole(lexicon: VisualLexicon) -> None:
    def triples(part: VisualLexicon) -> list[tuple[str, str, float]]:
        return [
            (word, part.features.ids[row], float(weight))
            for i, word in enumerate(part.words)
            for row, weight in zip(part.images(word), part.weights[part.indptr[i] : part.indptr[i + 1]], strict=True)
        ]

    parts = {name: in_part(lexicon, name) for name in ("training", "validation", "test")}
    for name, part in parts.items():
        assert all(part_of(image) == name for _, image, _ in triples(part))
    assert sorted(triple for part in parts.values() for triple in triples(part)) == sorted(triples(lexicon))


def test_refuses_unknown_and_empty_parts(lexicon: VisualLexicon) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'training'"):
        in_part(lexicon, "trainin")
    only = VisualLexicon.from_pairs([("w", next(i for i in IDS if part_of(i) == "training"))], lexicon.features)
    with pytest.raises(DataError, match="none of the lexicon's 1 images is in the part 'test'"):
        in_part(only, "test")


def test_words_of_images_turns_the_lexicon_round(lexicon: VisualLexicon) -> None:
    known = [f"w{i}" for i in range(0, 60, 2)]
    found = words_of_images(lexicon, known)
    pairs = {(word, image) for image, words in found.items() for word in words}
    ids = lexicon.features.ids
    assert pairs == {(w, ids[row]) for w in lexicon.words if w in known for row in lexicon.images(w).tolist()}
    assert set(words_of_images(lexicon)) == set(IDS)

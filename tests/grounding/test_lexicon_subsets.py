from __future__ import annotations

import numpy as np
import pytest

from wordsight.errors import DataError, UnknownNameError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.lexicon_subsets import in_part, with_images, words_of_images
from wordsight.grounding.parts import part_of
from wordsight.images.features import ImageFeatures

IDS = [f"images/{i}.jpg" for i in range(400)]


@pytest.fixture(scope="module")
def lexicon() -> VisualLexicon:
    random = np.random.default_rng(0)
    pairs = [(f"w{random.integers(60)}", image, float(random.integers(1, 4))) for image in IDS for _ in range(2)]
    return VisualLexicon.from_pairs(pairs, ImageFeatures(IDS, np.ones((len(IDS), 2))))


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


def test_a_lexicon_with_some_images() -> None:
    images = ImageFeatures(["w", "x", "y", "z"], np.eye(4))
    pairs = [("cat", "w", 1.0), ("cat", "y", 2.0), ("dog", "x", 3.0), ("bus", "y", 4.0)]
    kept = with_images(VisualLexicon.from_pairs(pairs, images), np.array([True, False, True, True]))
    assert kept.words == ["cat", "bus"]
    assert kept.images("cat").tolist() == [0, 2] and kept.weights.tolist() == [1, 2, 4]
    with pytest.raises(DataError, match="lexicon is empty"):
        with_images(kept, np.zeros(4, dtype=bool))

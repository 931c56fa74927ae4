from __future__ import annotations

import numpy as np
import pytest
import torch

from wordsight.errors import DataError
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.images.features import ImageFeatures
from wordsight.training.caption_windows import CaptionWindows

FEATURES = ImageFeatures(["p", "q", "r"], np.eye(3, dtype=np.float32))
TEXTS = ["the cat sat on the mat", "cat", "a dog", "the cat sat on the mat"]


def pairs(min_count: int = 1) -> QueryPairs:
    weights = np.array([1, 1, 2, 3], np.float32)
    captions = ImageCaptions(TEXTS, np.array([0, 1, 2, 1]), FEATURES, weights=weights)
    return QueryPairs.from_captions(captions, min_count)


def in_words(of: QueryPairs, windows: CaptionWindows) -> list[tuple[str, list[str], int, float]]:
    """All windows as (masked word, its context, image, weight), put together as one batch."""
    batch = windows[torch.arange(len(windows))]
    words = of.vocabulary.words
    contexts = np.split(batch.contexts.numpy(), batch.offsets.numpy()[1:])
    return [
        (words[m], [words[c] for c in context], int(image), float(weight))
        for m, context, image, weight in zip(batch.masked, contexts, batch.images, batch.weights, strict=True)
    ]


def by_hand(window: int, known: set[str]) -> list[tuple[str, list[str], int, float]]:
    windows = []
    for text, image, weight in zip(TEXTS, [0, 1, 2, 1], [1.0, 1.0, 2.0, 3.0], strict=True):
        words = [word for word in text.split() if word in known]
        reach = window or len(words)
        for i, word in enumerate(words):
            if context := words[max(0, i - reach) : i] + words[i + 1 : i + 1 + reach]:
                windows.append((word, context, image, weight))
    return windows


@pytest.mark.parametrize("window", [1, 2, 3, 0])
@pytest.mark.parametrize("min_count", [1, 2])
def test_windows_are_those_written_out(window: int, min_count: int) -> None:
    of = pairs(min_count)
    windows = CaptionWindows.from_pairs(of, window, torch.device("cpu"))
    assert in_words(of, windows) == by_hand(window, set(of.vocabulary.words))


def test_any_batch_is_those_windows() -> None:
    of = pairs()
    windows = CaptionWindows.from_pairs(of, 2, torch.device("cpu"))
    batch = windows[torch.tensor([9, 0])]
    first, second = by_hand(2, set(of.vocabulary.words))[9], by_hand(2, set(of.vocabulary.words))[0]
    assert [of.vocabulary.words[i] for i in batch.contexts] == first[1] + second[1]
    assert batch.offsets.tolist() == [0, len(first[1])]


def test_captions_of_one_word_make_no_windows() -> None:
    single = QueryPairs.from_captions(ImageCaptions(["cat", "dog"], np.array([0, 1]), FEATURES), 1)
    with pytest.raises(DataError, match="no caption has two words"):
        CaptionWindows.from_pairs(single, 2, torch.device("cpu"))

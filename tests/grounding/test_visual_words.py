from __future__ import annotations

import numpy as np
import pytest

from wordsight.errors import DataError, ParameterError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords, hidden_words, visual_words
from wordsight.images.features import ImageFeatures
from wordsight.text.vocabulary import Vocabulary

WORDS = [f"w{i}" for i in range(10)]


def lexicon(words: list[str] = WORDS) -> VisualLexicon:
    """Each word has one image, number i for w_i, and the images' features are far apart."""
    features = ImageFeatures([f"i{i}" for i in range(10)], np.diag(np.arange(1.0, 11.0)).astype(np.float32))
    return VisualLexicon.from_pairs([(word, f"i{word[1:]}") for word in words], features)


def seen(vocabulary: Vocabulary | None, hide_words: float = 0.0, seed: int = 0) -> VisualWords:
    return visual_words(lexicon(), vocabulary, transform="|", control=None, seed=seed, hide_words=hide_words)


def test_features_are_those_of_the_words_with_images() -> None:
    vocabulary = Vocabulary(["w7", "text", "w2"], [3, 2, 1])
    visual = seen(vocabulary)
    assert visual.ids.tolist() == [0, 2] and visual.ids.dtype == np.int32
    np.testing.assert_array_equal(visual.features, np.diag(np.arange(1.0, 11.0))[[7, 2]])


def test_without_a_vocabulary_all_words_of_the_lexicon_count() -> None:
    visual = seen(None)
    assert visual.ids.tolist() == list(range(10))
    np.testing.assert_array_equal(visual.features, np.diag(np.arange(1.0, 11.0)))


def test_hidden_words_have_no_features() -> None:
    vocabulary = Vocabulary(["text", *WORDS], np.arange(11, 0, -1))
    visual = seen(vocabulary, hide_words=0.3, seed=4)
    hidden = hidden_words(lexicon(), vocabulary.words, 0.3, 4)
    assert len(hidden) == 3
    kept = [vocabulary.words[i] for i in visual.ids]
    assert sorted([*kept, *hidden]) == WORDS
    np.testing.assert_array_equal(visual.features.max(axis=1), [int(word[1:]) + 1 for word in kept])


def test_hidden_words_do_not_depend_on_any_order() -> None:
    random = np.random.default_rng(0)
    expected = hidden_words(lexicon(), WORDS, 0.5, 1)
    assert expected == sorted(expected)
    for _ in range(5):
        words = [WORDS[i] for i in random.permutation(10)]
        assert hidden_words(lexicon(words[::-1]), [*words, "text"], 0.5, 1) == expected


def test_hidden_words_grow_with_the_share_and_change_with_the_seed() -> None:
    few, many = (set(hidden_words(lexicon(), WORDS, share, 0)) for share in (0.2, 0.7))
    assert len(few) == 2 and len(many) == 7 and few < many
    assert len({tuple(hidden_words(lexicon(), WORDS, 0.5, seed)) for seed in range(6)}) > 3
    assert hidden_words(lexicon(), WORDS, 0.0, 0) == [] and len(hidden_words(lexicon(), WORDS, 0.99, 0)) == 9


@pytest.mark.parametrize("share", [-0.1, 1.0, 30.0, float("nan")])
def test_a_share_that_is_none(share: float) -> None:
    with pytest.raises(ParameterError, match="hide_words is"):
        seen(None, hide_words=share)


def test_a_vocabulary_without_visual_words() -> None:
    with pytest.raises(DataError, match="none of these words has an image"):
        seen(Vocabulary(["a", "b"], [1, 1]), hide_words=0.5)

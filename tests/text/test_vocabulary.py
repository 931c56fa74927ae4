from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.text.vocabulary import Vocabulary


def test_words_and_ids() -> None:
    vocabulary = Vocabulary(["the", "goose"], [7, 3])
    assert vocabulary.ids(["goose", "gander", "the"]).tolist() == [1, -1, 0]
    assert "goose" in vocabulary and "gander" not in vocabulary
    assert vocabulary.id("goose") == 1 and vocabulary.total == 10 and len(vocabulary) == 2
    with pytest.raises(UnknownNameError, match="did you mean 'goose'"):
        vocabulary.id("goos")


def test_lengths_and_duplicates_are_checked() -> None:
    with pytest.raises(DataError, match="1 counts"):
        Vocabulary(["a", "b"], [1])
    with pytest.raises(DataError, match="'a' comes twice"):
        Vocabulary(["a", "b", "a"], [3, 2, 1])


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=60), st.sampled_from([0.0, 0.75, 1.0]))
def test_alias_table_has_the_wanted_distribution(counts: list[int], power: float) -> None:
    """Summing what each place gives to itself and to its alias restores the probabilities."""
    thresholds, aliases = Vocabulary([str(i) for i in range(len(counts))], counts).alias_table(power)
    own = thresholds.astype(np.float64) / 2**32
    probabilities = own.copy()
    np.add.at(probabilities, aliases, 1 - own)
    weights = np.asarray(counts, dtype=np.float64) ** power
    np.testing.assert_allclose(probabilities / len(counts), weights / weights.sum(), atol=1e-8)


def test_keep_probabilities_by_hand() -> None:
    vocabulary = Vocabulary(["often", "seldom"], [9999, 1])
    often = 0.01 / 0.9999
    np.testing.assert_allclose(vocabulary.keep_probabilities(0.01), [often**0.5 + often, 1.0])
    assert vocabulary.keep_probabilities(0).tolist() == [1.0, 1.0]
    with pytest.raises(ParameterError, match="subsample"):
        vocabulary.keep_probabilities(-1)


counted = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 5), max_size=8)


@given(counted, counted)
def test_merging_adds_counts_and_sorts_by_them(first: dict[str, int], second: dict[str, int]) -> None:
    merged = Vocabulary(list(first), list(first.values())).merged(Vocabulary(list(second), list(second.values())))
    sums = {word: first.get(word, 0) + second.get(word, 0) for word in {**first, **second}}
    assert dict(zip(merged.words, merged.counts.tolist(), strict=True)) == sums
    before = [*first, *(word for word in second if word not in first)]
    assert merged.words == sorted(sums, key=lambda word: (-sums[word], before.index(word)))

"""The beginning of a corpus, against a Counter over the first tokens."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.errors import ParameterError
from wordsight.text.beginning import beginning
from wordsight.text.corpus import Corpus


def expected(documents: list[list[str]], n_tokens: int, words: set[str]) -> list[list[str]]:
    """The documents up to the token where the text is cut, with these words; empty ones are left out."""
    kept, left = [], n_tokens
    for document in documents:
        kept.append([word for word in document[:left] if word in words])
        left -= min(left, len(document))
    return [document for document in kept if document]


@given(
    st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=9), min_size=1, max_size=9),
    st.integers(1, 40),
    st.integers(1, 9),
)
def test_beginning_equals_a_counter(documents: list[list[str]], n_tokens: int, max_words: int) -> None:
    whole = Corpus.from_documents(documents, min_count=1)
    found = beginning(whole, n_tokens, max_words)
    counts = Counter([word for document in documents for word in document][:n_tokens])
    words = found.vocabulary.words
    assert found.vocabulary.counts.tolist() == [counts[word] for word in words]
    assert found.vocabulary.counts.tolist() == sorted(counts.values(), reverse=True)[:max_words]
    for first, second in pairwise(words):  # equally frequent here: the order of the whole decides
        assert counts[first] > counts[second] or whole.vocabulary.id(first) < whole.vocabulary.id(second)
    assert list(found.documents()) == expected(documents, n_tokens, set(words))
    assert found.ids.dtype == np.int32 and found.offsets.dtype == np.int64


@pytest.mark.parametrize("bad", [{"n_tokens": 0, "max_words": 1}, {"n_tokens": 1, "max_words": 0}])
def test_nothing_is_no_beginning(bad: dict[str, int]) -> None:
    with pytest.raises(ParameterError, match="must be at least 1"):
        beginning(Corpus.from_documents(["a b"], min_count=1), **bad)

from typing import Any

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.models.multiskip import MultiSkip
from wordsight.text.parallel import ParallelText
from wordsight.training.word2vec_passes import multilingual_passes
from wordsight.training.word_alignment import align

N_WORDS = 20
SMALL: dict[str, Any] = {"dim": 16, "subsample": 0.0, "epochs": 1, "workers": 1}


def parallel(n: int = 400, order: tuple[int, ...] = (0, 1, 2, 3, 4)) -> ParallelText:
    """Word i of one language is word i of the others; the second language may have its words in another order."""
    random = np.random.default_rng(0)
    lines = random.integers(0, N_WORDS, (n, 5))
    second = lines[:, list(order)]
    return ParallelText(
        {
            "en": [" ".join(f"e{i}" for i in line) for line in lines],
            "de": [" ".join(f"d{i}" for i in line) for line in second],
            "fr": [" ".join(f"f{i}" for i in line) for line in lines],
        }
    )


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (1, 0, 2, 4, 3), (2, 0, 1, 3, 4)])
def test_alignment_finds_the_links_whatever_the_order(order: tuple[int, ...]) -> None:
    text = parallel(order=order)
    links = align(text, "en", "de")
    ids, words = np.asarray(text.corpus.ids), text.corpus.vocabulary.words
    right = [words[ids[e]][4:] == words[ids[d]][4:] for e, d in links]
    assert np.mean(right) > 0.95 and len(links) > 0.8 * 400 * 5
    assert len(set(links[:, 0])) == len(set(links[:, 1])) == len(links)
    documents = np.searchsorted(text.corpus.offsets, links, side="right") - 1
    np.testing.assert_array_equal(documents[:, 0] + text.n_lines, documents[:, 1])


def test_translations_are_nearest_neighbours() -> None:
    vectors = MultiSkip(dim=20, epochs=20, subsample=0.0, workers=1).fit(parallel()).vectors_
    for other in ("de", "fr"):
        words = [f"en:e{i}" for i in range(N_WORDS)]
        found = [vectors.most_similar(word, topn=1, language=other)[0][0] for word in words]
        assert np.mean([name == f"{other}:{other[0]}{i}" for i, name in enumerate(found)]) > 0.9


def test_without_links_languages_do_not_meet() -> None:
    text = parallel()
    passes = multilingual_passes(
        text.corpus, subsample=0.0, dim=20, window=5, negatives=10, epochs=20, learning_rate=0.025, seed=0, workers=1
    )
    passes.run("test")
    rows = passes.tables.input_vectors(16)[text.corpus.vocabulary.ids(f"en:e{i}" for i in range(N_WORDS))]
    german = passes.tables.input_vectors(16)[text.corpus.vocabulary.ids(f"de:d{i}" for i in range(N_WORDS))]
    assert np.mean((rows @ german.T).argmax(axis=1) == np.arange(N_WORDS)) < 0.5


def test_one_step_is_the_gradient_of_the_formula() -> None:
    """A sentence of two linked words a language: every window has one neighbour and its translation."""
    text = ParallelText({"en": ["a b"], "de": ["x y"]})
    links = np.array([[0, 2], [1, 3]])  # a–x, b–y
    passes = multilingual_passes(text.corpus, links=links, window=1, negatives=1, learning_rate=0.5, seed=3, **SMALL)
    inputs = passes.tables.input_vectors(16)
    passes.run("test")
    # The outputs begin at 0, where σ = ½: a centre's vector first moves by ½ · rate · the sum of its inputs.
    words = text.corpus.vocabulary.words
    row = {word: inputs[words.index(word)] for word in words}
    moved = passes.tables.output_vectors(16)[words.index("en:a")]
    expected = 0.25 * (row["en:b"] + row["de:y"])
    cosine = moved @ expected / np.linalg.norm(moved) / np.linalg.norm(expected)
    assert cosine > 0.5 and passes.tables.outputs[:-1].any()


def test_steps_of_words_can_be_scaled_down_to_nothing() -> None:
    text = parallel(50)
    shares = np.ones(len(text.corpus.vocabulary), dtype=np.float32)
    shares[:N_WORDS] = 0
    passes = multilingual_passes(text.corpus, shares=shares, window=2, negatives=2, learning_rate=0.1, seed=0, **SMALL)
    before = passes.tables.input_vectors(16)
    passes.run("test")
    moved = np.abs(passes.tables.input_vectors(16) - before).max(axis=1)
    assert not moved[:N_WORDS].any() and moved[N_WORDS:].all()


def test_refuses_what_is_not_parallel() -> None:
    with pytest.raises(DataError, match="as many lines in every language, not en 2, de 1"):
        ParallelText({"en": ["a", "b"], "de": ["x"]})
    with pytest.raises(DataError, match="at least two languages, not en"):
        ParallelText({"en": ["a"]})
    with pytest.raises(DataError, match="no word of the language de occurs 2 times"):
        ParallelText({"en": ["a a"], "de": ["x"]}, min_count=2)


def test_lines_that_a_language_lacks_are_not_aligned() -> None:
    text = ParallelText({"en": ["a b", "c", "a"], "de": ["x y", "", "x"]})
    assert text.pair("en", "de").first.tolist() == [0, 2]
    assert text.pair("en", "de").second.tolist() == [3, 5]
    assert len(align(text, "en", "de"))

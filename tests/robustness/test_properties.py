"""What holds for anything: formats round-trip, tokenizers take any text, samplers and scores are those of the books."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import spearmanr

from wordsight.evaluation.data.candidates import Candidates
from wordsight.evaluation.metrics.statistics import score, spearman_of
from wordsight.images.features import ImageFeatures
from wordsight.text.corpus import Corpus
from wordsight.text.tokenize import tokenizer
from wordsight.text.vocabulary import Vocabulary
from wordsight.vectors.word_vectors import WordVectors

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
words = st.lists(st.text(min_size=1).filter(lambda w: "\n" not in w), min_size=1, max_size=6, unique=True)
plain_words = st.lists(st.text("abcäß漢", min_size=1, max_size=4), min_size=1, max_size=6, unique=True)
finite = st.floats(-(2.0**96), 2.0**96, width=32)


def matrix(
    draw: Callable[[st.SearchStrategy[Any]], Any], n: int, elements: st.SearchStrategy[float] = finite
) -> np.ndarray:
    return np.asarray(draw(hnp.arrays(np.float32, (n, draw(st.integers(1, 5))), elements=elements)))


@st.composite
def vectors(draw: st.DrawFn, of: st.SearchStrategy[list[str]] = words) -> WordVectors:
    chosen = draw(of)
    return WordVectors(chosen, matrix(draw, len(chosen)))


# Formats round-trip


@same_folder
@given(vectors(), st.booleans())
def test_a_vectors_directory(tmp_path: Path, expected: WordVectors, mmap: bool) -> None:
    expected.save(tmp_path / "vectors")
    found = WordVectors.load(tmp_path / "vectors", mmap=mmap)
    assert found.words == expected.words and np.array_equal(found.matrix, expected.matrix)


@same_folder
@given(vectors(plain_words), st.sampled_from(["word2vec-text", "word2vec-binary", "npz"]))
def test_vector_files(tmp_path: Path, expected: WordVectors, format: str) -> None:
    expected.save(tmp_path / "vectors", format=format, overwrite=True)
    found = WordVectors.load(tmp_path / "vectors")
    assert found.words == expected.words and np.array_equal(found.matrix, expected.matrix)


@same_folder
@given(st.data())
def test_a_features_directory(tmp_path: Path, data: st.DataObject) -> None:
    ids = data.draw(words)
    values = matrix(data.draw, len(ids))
    sources = data.draw(st.none() | st.lists(st.sampled_from("ab"), min_size=len(ids), max_size=len(ids)))
    expected = ImageFeatures(ids, values, sources=sources, encoder="e")
    expected.save(tmp_path / "features")
    found = ImageFeatures.load(tmp_path / "features")
    assert (found.ids, found.sources, found.fingerprint) == (ids, sources, expected.fingerprint)


@same_folder
@given(st.lists(st.lists(st.text("abc漢ü", min_size=1, max_size=2), max_size=9), min_size=1, max_size=9).filter(any))
def test_a_corpus_directory(tmp_path: Path, documents: list[list[str]]) -> None:
    Corpus.from_documents(documents, min_count=1, directory=tmp_path / "corpus")
    found = Corpus.load(tmp_path / "corpus")
    found.check_ids()
    assert list(found.documents()) == [document for document in documents if document]


@same_folder
@given(st.dictionaries(st.text(max_size=3), st.sets(st.sampled_from("uvwxyz"), min_size=1, max_size=4), min_size=4))
def test_matching_candidates(tmp_path: Path, words_of: dict[str, set[str]]) -> None:
    words_of = {image: shown - {"z"} or {"u"} for image, shown in words_of.items()} | {"other": {"z"}}
    common = {w for w in "uvwxyz" if all(w in shown for shown in words_of.values())}
    if not common:
        expected = Candidates.draw(words_of, "uvwxyz", n_candidates=2)
        expected.save(tmp_path / "candidates.json")
        assert Candidates.load(tmp_path / "candidates.json").fingerprint == expected.fingerprint


# Tokenizers


@pytest.mark.parametrize("name", ["whitespace", "text8", "words"])
@given(text=st.text(st.characters()))
def test_tokenizers_take_any_unicode(name: str, text: str) -> None:
    """Lone surrogates too; words have no blanks; and the words of words are themselves."""
    found = tokenizer(name).tokens(text)
    assert all(word and word.split(" ") == [word] and "\n" not in word for word in found)
    assert tokenizer(name).tokens(" ".join(found)) == found
    if name == "words":
        assert all(unicodedata.is_normalized("NFC", word) or not word.isascii() for word in found)


@given(data=st.binary())
def test_any_bytes_are_text_or_not_utf8(data: bytes) -> None:
    for name in ("whitespace", "words"):
        try:
            tokenizer(name).normalise(data)
        except UnicodeDecodeError:
            with pytest.raises(UnicodeDecodeError):
                data.decode()


# Sampling


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=60), st.sampled_from([0.75, 1.0, 0.5]))
def test_the_alias_tables_probabilities_are_the_weights(counts: list[int], power: float) -> None:
    """Exactly, from the table itself: the sum over places of what each gives to a word."""
    thresholds, aliases = Vocabulary([f"w{i}" for i in range(len(counts))], counts).alias_table(power)
    own = thresholds.astype(np.float64) / 2**32
    found = (own + np.bincount(aliases, 1 - own, minlength=len(counts))) / len(counts)
    weights = np.array(counts, dtype=np.float64) ** power
    np.testing.assert_allclose(found, weights / weights.sum(), rtol=1e-6, atol=1e-9)


@settings(max_examples=10)
@given(st.lists(st.integers(1, 1000), min_size=2, max_size=8), st.integers(0, 2**32 - 1))
def test_draws_from_the_alias_table_have_these_frequencies(counts: list[int], seed: int) -> None:
    thresholds, aliases = Vocabulary([f"w{i}" for i in range(len(counts))], counts).alias_table()
    rng, n = np.random.default_rng(seed), 200_000
    places, numbers = rng.integers(0, len(counts), n), rng.integers(0, 2**32, n, dtype=np.uint32)
    drawn = np.where(numbers < thresholds[places], places, aliases[places])
    found = np.bincount(drawn, minlength=len(counts)) / n
    expected = np.array(counts) ** 0.75 / (np.array(counts) ** 0.75).sum()
    assert np.all(np.abs(found - expected) <= 6 * np.sqrt(expected * (1 - expected) / n) + 1e-12)


# Scores and queries


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=3, max_size=40))
def test_spearman_is_scipys_with_ties(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(side, dtype=np.float64) for side in zip(*pairs, strict=True))
    if len(set(first)) > 1 and len(set(second)) > 1:
        found = score(spearman_of(first, second), len(first))
        assert found == pytest.approx(spearmanr(first, second).statistic, abs=1e-12)


small = st.integers(-3, 3).map(float)


@given(st.data())
def test_queries_equal_brute_force(data: st.DataObject) -> None:
    chosen = data.draw(plain_words)
    values = matrix(data.draw, len(chosen), small)
    found = WordVectors(chosen, values)
    norms = np.linalg.norm(values.astype(np.float64), axis=1)
    unit = values / np.where(norms, norms, 1)[:, None]
    cosines = unit @ unit.T
    topn, word = data.draw(st.integers(1, 7)), data.draw(st.sampled_from(range(len(chosen))))
    others = np.delete(np.arange(len(chosen)), word)
    near = found.most_similar(chosen[word], topn=topn)
    assert len(near) == min(topn, len(others)) == len({other for other, _ in near})
    for other, cosine in near:
        assert cosine == pytest.approx(cosines[word, chosen.index(other)], abs=1e-6)
    best = np.sort(cosines[word, others])[::-1][:topn]
    np.testing.assert_allclose([cosine for _, cosine in near], best, atol=1e-6)
    _, scores = found.nearest(chosen, topn)
    np.testing.assert_allclose(scores, -np.sort(-cosines, axis=1)[:, :topn], atol=1e-6)
    assert found.similarity(chosen[word], chosen[0]) == pytest.approx(cosines[word, 0], abs=1e-6)

import logging

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.vectors.search import top
from wordsight.vectors.word_vectors import WordVectors


def random_vectors(n: int, dim: int, seed: int, *, languages: tuple[str, ...] = ()) -> WordVectors:
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((n, dim)).astype(np.float32) * rng.uniform(0.01, 100, (n, 1)).astype(np.float32)
    matrix[rng.random(n) < 0.1] = 0
    tags = [f"{languages[i % len(languages)]}:" if languages else "" for i in range(n)]
    return WordVectors([f"{tag}w{i}" for i, tag in enumerate(tags)], matrix)


def cosines(vectors: WordVectors, query: np.ndarray) -> np.ndarray:
    """By the definition, in float64, row by row; 0 for zero vectors."""
    query = query.astype(np.float64)
    out = []
    for row in vectors.matrix.astype(np.float64):
        norms = np.linalg.norm(row) * np.linalg.norm(query)
        out.append(row @ query / norms if norms else 0.0)
    return np.array(out)


small = st.builds(random_vectors, st.integers(2, 40), st.integers(1, 8), st.integers(0, 10**6))


def test_words_rows_and_vectors() -> None:
    matrix = np.arange(6, dtype=np.float64).reshape(3, 2)
    vectors = WordVectors(["cat", "dog", "Äpfel essen"], matrix)
    assert vectors.words == ["cat", "dog", "Äpfel essen"]
    assert (len(vectors), vectors.dim, vectors.matrix.dtype) == (3, 2, np.dtype(np.float32))
    assert "dog" in vectors and "bird" not in vectors and 3 not in vectors
    np.testing.assert_array_equal(vectors["dog"], [2, 3])
    np.testing.assert_array_equal(vectors[["Äpfel essen", "cat"]], [[4, 5], [0, 1]])
    np.testing.assert_array_equal(vectors.rows(["dog", "bird", "cat"]), [1, -1, 0])
    np.testing.assert_allclose(np.linalg.norm(vectors.unit, axis=1), 1, rtol=1e-6)


def test_the_matrix_cannot_be_changed_and_is_not_copied() -> None:
    matrix = np.ones((2, 3), dtype=np.float32)
    vectors = WordVectors(["a", "b"], matrix)
    assert np.shares_memory(vectors.matrix, matrix)
    assert matrix.flags.writeable
    for array in (vectors.matrix, vectors["a"], vectors.unit):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 5
    with pytest.raises(AttributeError):
        vectors.matrix = matrix  # type: ignore[misc]


def test_zero_rows_stay_zero() -> None:
    vectors = WordVectors(["a", "zero"], np.array([[3, 4], [0, 0]]))
    np.testing.assert_allclose(vectors.unit, [[0.6, 0.8], [0.0, 0.0]], rtol=1e-6)
    assert vectors.similarity("a", "zero") == 0
    assert vectors.most_similar("a") == [("zero", 0.0)]


@pytest.mark.parametrize(
    ("words", "matrix", "message"),
    [
        (["a", "b"], np.ones((3, 2)), r"2 words need a matrix \[2, dim\], not \[3, 2\]"),
        (["a", "b"], np.ones(2), "2 words need a matrix"),
        ([], np.ones((0, 2)), "no words"),
        (["a"], np.ones((1, 0)), "no dimensions"),
        (["a", "b", "a"], np.ones((3, 2)), "'a' comes twice"),
        (["a", "b"], np.array([[1, 2], [np.nan, 0]]), "'b' is not finite"),
        (["a", "b"], np.array([[1, -np.inf], [0, 0]]), "'a' is not finite"),
    ],
)
def test_unusable_words_or_matrix(words: list[str], matrix: np.ndarray, message: str) -> None:
    with pytest.raises(DataError, match=message):
        WordVectors(words, matrix)


def test_large_finite_numbers_are_finite() -> None:
    vectors = WordVectors(["a", "b"], np.array([[3e30, 4e30], [3e-30, 4e-30]], dtype=np.float32))
    np.testing.assert_allclose(vectors.unit, [[0.6, 0.8], [0.6, 0.8]], rtol=1e-6)


@settings(deadline=None)
@given(small, st.integers(1, 50), st.data())
def test_most_similar_equals_brute_force(vectors: WordVectors, topn: int, data: st.DataObject) -> None:
    positive = data.draw(st.lists(st.sampled_from(vectors.words), min_size=1, max_size=3))
    negative = data.draw(st.lists(st.sampled_from(vectors.words), max_size=2))
    unit = {word: np.nan_to_num(row / max(np.linalg.norm(row), 1e-30)) for word, row in
            zip(vectors.words, vectors.matrix.astype(np.float64), strict=True)}  # fmt: skip
    query = sum(unit[w] for w in positive) - sum((unit[w] for w in negative), np.zeros(vectors.dim))
    if np.linalg.norm(query) < 1e-3:  # words that cancel out leave only rounding
        return
    expected = {
        w: c for w, c in zip(vectors.words, cosines(vectors, query), strict=True) if w not in positive + negative
    }
    found = vectors.most_similar(positive, negative, topn=topn)
    assert len(found) == min(topn, len(expected))
    np.testing.assert_allclose([c for _, c in found], sorted(expected.values(), reverse=True)[:topn], atol=2e-4)
    for word, cosine in found:
        assert cosine == pytest.approx(expected[word], abs=2e-4)


@settings(deadline=None)
@given(small, st.integers(1, 50))
def test_nearest_equals_brute_force(vectors: WordVectors, topn: int) -> None:
    queries = np.random.default_rng(0).standard_normal((5, vectors.dim)).astype(np.float32)
    rows, found = vectors.nearest(queries, topn)
    assert rows.shape == found.shape == (5, min(topn, len(vectors)))
    for query, rows_, found_ in zip(queries, rows, found, strict=True):
        expected = cosines(vectors, query)
        np.testing.assert_allclose(found_, np.sort(expected)[::-1][:topn], atol=1e-5)
        np.testing.assert_allclose(expected[rows_], found_, atol=1e-5)
        assert len(set(rows_)) == len(rows_)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 4000), st.integers(1, 6), st.integers(1, 200), st.integers(0, 10**6))
def test_top_equals_sorting_whatever_the_ties(length: int, n: int, levels: int, seed: int) -> None:
    scores = np.random.default_rng(seed).integers(levels, size=(2, 3, length)).astype(np.float32)
    best = top(scores, n)
    assert best.shape == (2, 3, min(n, length))
    values = np.take_along_axis(scores, best, axis=-1)
    np.testing.assert_array_equal(values, -np.sort(-scores, axis=-1)[..., :n])
    for row in best.reshape(-1, best.shape[-1]):
        assert len(set(row)) == len(row)


def test_nearest_of_words_works_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = random_vectors(50, 4, seed=1)
    whole = vectors.nearest(vectors.words, 3)
    monkeypatch.setattr("wordsight.vectors.search._BLOCK", 120)
    blocks = vectors.nearest(vectors.words, 3)
    np.testing.assert_array_equal(whole[0], blocks[0])
    np.testing.assert_allclose(whole[1], blocks[1], atol=1e-6)
    nonzero = np.flatnonzero(np.linalg.norm(vectors.matrix, axis=1))
    np.testing.assert_array_equal(whole[0][nonzero, 0], nonzero)  # a word finds itself


def test_vectors_and_words_as_queries() -> None:
    vectors = random_vectors(30, 5, seed=2)
    a, b = [word for word in vectors.words if vectors[word].any()][:2]
    by_vector = vectors.most_similar(vectors[a], topn=1)
    assert by_vector[0][0] == a  # a vector excludes no word
    np.testing.assert_allclose(
        [c for _, c in vectors.most_similar([vectors[a], vectors[b]], topn=30)],
        [c for _, c in vectors.most_similar(vectors[[a, b]], topn=30)],
    )
    assert vectors.similarity(a, vectors[b]) == pytest.approx(vectors.similarity(b, a))


def test_doesnt_match() -> None:
    vectors = WordVectors(["up", "above", "high", "down"], np.array([[1, 0.1], [1, 0], [1, -0.1], [-1, 0]]))
    assert vectors.doesnt_match(["up", "down", "above", "high"]) == "down"
    with pytest.raises(ParameterError, match="three words"):
        vectors.doesnt_match(["up", "down"])


def test_languages() -> None:
    vectors = random_vectors(31, 4, seed=3, languages=("en", "de", "zh_Hant"))
    assert vectors.languages == ["de", "en", "zh_Hant"]
    german = vectors.restricted("de")
    assert german.words == [word for word in vectors.words if word.startswith("de:")]
    np.testing.assert_array_equal(german.matrix, vectors[german.words])

    word = vectors.words[0]
    found = vectors.most_similar(word, topn=99, language="de")
    assert {w for w, _ in found} == set(german.words)
    rows, batch = vectors.nearest([word], 99, language="de")
    assert [vectors.words[row] for row in rows[0]] == [w for w, _ in found]
    np.testing.assert_allclose(batch[0], [c for _, c in found], atol=1e-6)

    assert random_vectors(5, 2, seed=0).languages == []
    assert WordVectors(["en:cat", "http://x", ":)"], np.eye(3)).languages == []


def test_a_contiguous_language_is_not_copied() -> None:
    vectors = WordVectors(["de:a", "en:a", "en:b"], np.eye(3, dtype=np.float32))
    assert np.shares_memory(vectors.restricted("en").matrix, vectors.matrix)


def test_unknown_words_and_languages_come_with_suggestions() -> None:
    vectors = WordVectors(["en:elephant", "en:mouse", "de:Elefant"], np.eye(3))
    for ask in (
        lambda: vectors["en:elephent"],
        lambda: vectors[["en:mouse", "en:elephent"]],
        lambda: vectors.most_similar("en:elephent"),
        lambda: vectors.most_similar("en:mouse", ["en:elephent"]),
        lambda: vectors.similarity("en:mouse", "en:elephent"),
        lambda: vectors.nearest(["en:elephent"]),
        lambda: vectors.doesnt_match(["en:mouse", "en:elephent", "de:Elefant"]),
    ):
        with pytest.raises(UnknownNameError, match=r"unknown word 'en:elephent'; did you mean 'en:elephant'"):
            ask()
    with pytest.raises(UnknownNameError, match="unknown language 'fr'; the vectors have de, en"):
        vectors.most_similar("en:mouse", language="fr")
    with pytest.raises(UnknownNameError, match="no tags"):
        random_vectors(3, 2, seed=0).restricted("fr")


def test_queries_that_make_no_sense() -> None:
    vectors = random_vectors(5, 3, seed=4)
    with pytest.raises(ParameterError, match="topn is 0"):
        vectors.most_similar("w1", topn=0)
    with pytest.raises(ParameterError, match="topn is -1"):
        vectors.nearest(["w1"], topn=-1)
    with pytest.raises(ParameterError, match="start from"):
        vectors.most_similar([])
    with pytest.raises(DataError, match="3 finite numbers"):
        vectors.most_similar(np.ones(4))
    with pytest.raises(DataError, match="3 finite numbers"):
        vectors.similarity(np.array([1, np.nan, 0]), "w1")
    with pytest.raises(DataError, match=r"\[n, 3\], not \[2, 4\]"):
        vectors.nearest(np.ones((2, 4)))
    with pytest.raises(DataError, match="query 1 is not finite"):
        vectors.nearest(np.array([[1, 2, 3], [np.inf, 0, 0]]))


def test_agrees_with_gensim() -> None:
    gensim = pytest.importorskip("gensim")
    logging.getLogger("gensim").setLevel(logging.ERROR)
    random = random_vectors(200, 10, seed=5)
    words = [w for w in random.words if random[w].any()]  # gensim divides by the norm of zero vectors
    vectors = WordVectors(words, random[words])
    keyed = gensim.models.KeyedVectors(10)
    keyed.add_vectors(vectors.words, vectors.matrix)
    for positive, negative in ((words[:1], []), (words[1:4], words[4:6])):
        expected = keyed.most_similar(positive, negative, topn=7)
        found = vectors.most_similar(positive, negative, topn=7)
        assert [w for w, _ in found] == [w for w, _ in expected]
        np.testing.assert_allclose([c for _, c in found], [c for _, c in expected], atol=1e-5)
    assert vectors.doesnt_match(words[:6]) == keyed.doesnt_match(words[:6])
    assert vectors.similarity(*words[:2]) == pytest.approx(keyed.similarity(*words[:2]), abs=1e-5)


def test_one_string_is_no_list_of_words() -> None:
    vectors = WordVectors(["dog", "d", "o", "g"], np.eye(4))
    for call in (vectors.nearest, vectors.rows, vectors.doesnt_match, lambda words: WordVectors(words, np.eye(3))):
        with pytest.raises(ParameterError, match=r"is one string, 'dog'; give a list, such as \['dog'\]"):
            call("dog")


def test_any_iterable_of_words_is_read_once() -> None:
    vectors = WordVectors((f"w{i}" for i in range(4)), np.array([[1, 0], [1, 0.1], [1, 0.2], [-1, 0]]))
    assert vectors.doesnt_match(word for word in ("w0", "w1", "w3")) == "w3"
    assert vectors.nearest((word for word in ("w0", "w3")), 1)[0].tolist() == [[0], [3]]
    assert vectors.rows(iter(["w2", "x"])).tolist() == [2, -1]


def test_iterating_gives_words_and_arrays_are_the_matrix() -> None:
    vectors = WordVectors(["a", "b"], np.array([[1, 2], [3, 4]]))
    assert list(vectors) == ["a", "b"] and dict.fromkeys(vectors) == {"a": None, "b": None}
    matrix = np.asarray(vectors)
    assert np.shares_memory(matrix, vectors.matrix) and not matrix.flags.writeable
    copy = np.array(vectors)
    copy[0, 0] = 9
    assert vectors["a"].tolist() == [1, 2]
    assert np.asarray(vectors, dtype=np.float64).dtype == np.float64
    with pytest.raises(ValueError, match="copy"):
        np.array(vectors, dtype=np.float64, copy=False)
    assert (np.ones((2, 2)) @ np.asarray(vectors)).tolist() == [[4, 6], [4, 6]]


def test_both_forms_of_a_letter_are_one_word() -> None:
    for there, asked in (("caf\u00e9", "cafe\u0301"), ("cafe\u0301", "caf\u00e9")):
        vectors = WordVectors(["tea", there], np.eye(2))
        assert asked in vectors and vectors.rows([asked, "x"]).tolist() == [1, -1]
        np.testing.assert_array_equal(vectors[asked], [0, 1])
        assert vectors.most_similar(asked)[0][0] == "tea"
    assert WordVectors(["cafe\u0301", "caf\u00e9"], np.eye(2)).rows(["cafe\u0301", "caf\u00e9"]).tolist() == [0, 1]

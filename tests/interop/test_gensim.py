"""gensim gives the same neighbours on the same vectors, and its own come over whole."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wordsight as ws
from wordsight.errors import DataError

models = pytest.importorskip("gensim.models")
logging.getLogger("gensim").setLevel(logging.ERROR)


@pytest.fixture
def vectors() -> ws.WordVectors:
    words = [f"word {n}" for n in range(50)]
    return ws.WordVectors(words, np.random.default_rng(0).standard_normal((50, 8)))


def test_neighbours_and_similarities_are_the_same(vectors: ws.WordVectors) -> None:
    keyed = ws.to_gensim(vectors)
    assert keyed.index_to_key == vectors.words
    for word in vectors:
        theirs, ours = keyed.most_similar(word, topn=49), vectors.most_similar(word, topn=49)
        assert [name for name, _ in ours] == [name for name, _ in theirs]
        np.testing.assert_allclose([c for _, c in ours], [c for _, c in theirs], rtol=0, atol=1e-6)
    theirs = keyed.most_similar(positive=["word 1", "word 2"], negative=["word 3"], topn=5)
    ours = vectors.most_similar(["word 1", "word 2"], ["word 3"], topn=5)
    assert [name for name, _ in ours] == [name for name, _ in theirs]
    np.testing.assert_allclose([c for _, c in ours], [c for _, c in theirs], rtol=0, atol=1e-6)


def test_there_and_back_again_in_a_copy(vectors: ws.WordVectors) -> None:
    keyed = ws.to_gensim(vectors)
    again = ws.from_gensim(keyed)
    keyed.vectors[:] = 0
    for other in (again, vectors):
        assert other.words == vectors.words
        np.testing.assert_array_equal(other.matrix, np.random.default_rng(0).standard_normal((50, 8)).astype("f4"))


@pytest.mark.parametrize("name", ["v.kv", "v.model"])
def test_files_of_gensim(tmp_path: Path, name: str) -> None:
    model = models.Word2Vec([["a", "b", "c", "a"]], vector_size=3, min_count=1, epochs=1, seed=1, workers=1)
    (model.wv if name == "v.kv" else model).save(str(tmp_path / name))
    found = ws.from_gensim(tmp_path / name)
    assert found.words == model.wv.index_to_key
    np.testing.assert_array_equal(found.matrix, model.wv.vectors)
    with pytest.raises(DataError, match=r"is a pickle of gensim, which can run any code; .* ws\.from_gensim"):
        ws.WordVectors.load(tmp_path / name)


def test_n_grams_of_fasttext_come_along() -> None:
    settings: dict[str, Any] = {"vector_size": 4, "min_count": 1, "bucket": 40, "epochs": 1, "seed": 1, "workers": 1}
    model = models.FastText([["goose", "gänse", "漢字"]], **settings)
    found = ws.from_gensim(model)
    assert found.words == model.wv.index_to_key
    for word in ["goose", "gänse", "gooses", "漢字漢", "été"]:
        np.testing.assert_allclose(found[word], model.wv[word], rtol=0, atol=1e-6)


def test_what_is_no_vectors_of_gensim(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"builtins\.dict has no word vectors"):
        ws.from_gensim({})
    with pytest.raises(DataError, match="no such file"):
        ws.from_gensim(tmp_path / "missing.kv")
    (tmp_path / "bad.kv").write_bytes(b"\x80\x04bad")
    with pytest.raises(DataError, match=r"bad\.kv is no whole file of gensim"):
        ws.from_gensim(str(tmp_path / "bad.kv"))

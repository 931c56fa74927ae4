"""spaCy's pipelines have the same vectors, also where words have blanks, and after they were saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wordsight as ws
from wordsight.errors import DataError

spacy = pytest.importorskip("spacy")

WORDS = ["goose", "ice cream", "Gänse", "漢字", "duck"]


@pytest.fixture
def vectors() -> ws.WordVectors:
    return ws.WordVectors(WORDS, np.random.default_rng(0).standard_normal((5, 6)))


@pytest.fixture
def pipeline(vectors: ws.WordVectors) -> Any:
    return ws.to_spacy(vectors, spacy.blank("en"))


def test_words_documents_and_neighbours(vectors: ws.WordVectors, pipeline: Any) -> None:
    for word in WORDS:
        np.testing.assert_array_equal(pipeline.vocab.get_vector(word), vectors[word])
    document = pipeline("goose duck")
    np.testing.assert_array_equal(document[0].vector, vectors["goose"])
    np.testing.assert_allclose(document.vector, vectors[["goose", "duck"]].mean(axis=0), rtol=0, atol=1e-7)
    assert document[0].similarity(document[1]) == pytest.approx(vectors.similarity("goose", "duck"), abs=1e-6)
    assert not pipeline("gander")[0].has_vector
    keys, _, cosines = pipeline.vocab.vectors.most_similar(np.array(vectors), n=4)
    for row, word in enumerate(WORDS):
        theirs = [pipeline.vocab.strings[key] for key in keys[row]]
        ours = [(word, 1.0), *vectors.most_similar(word, topn=3)]
        assert theirs == [name for name, _ in ours]
        np.testing.assert_allclose(cosines[row], [cosine for _, cosine in ours], rtol=0, atol=1e-4)  # spaCy rounds


def test_a_saved_pipeline(vectors: ws.WordVectors, pipeline: Any, tmp_path: Path) -> None:
    pipeline.to_disk(tmp_path / "pipeline")
    again = ws.from_spacy(spacy.load(tmp_path / "pipeline"))
    assert again.words == WORDS
    np.testing.assert_array_equal(again.matrix, vectors.matrix)


def test_an_npz_file_and_set_vector(vectors: ws.WordVectors, tmp_path: Path) -> None:
    """The way without wordsight: ``wordsight convert DIR x.npz``, then NumPy and ``set_vector``."""
    vectors.save(tmp_path / "x.npz")
    pipeline = spacy.blank("en")
    with np.load(tmp_path / "x.npz") as archive:
        for word, vector in zip(archive["words"].tolist(), archive["matrix"], strict=True):
            pipeline.vocab.set_vector(word, vector)
    for word in WORDS:
        np.testing.assert_array_equal(pipeline.vocab.get_vector(word), vectors[word])
    found = ws.from_spacy(pipeline)
    assert set(found.words) == set(WORDS)
    np.testing.assert_array_equal(found[WORDS], vectors.matrix)


def test_a_text_file_through_init_vectors(tmp_path: Path) -> None:
    from spacy.training.initialize import convert_vectors

    vectors = ws.WordVectors(["goose", "Gänse"], np.random.default_rng(1).standard_normal((2, 3)))
    vectors.save(tmp_path / "v.txt")
    pipeline = spacy.blank("de")
    convert_vectors(pipeline, tmp_path / "v.txt", truncate=0, prune=-1)
    np.testing.assert_array_equal(pipeline.vocab.get_vector("Gänse"), vectors["Gänse"])


def test_one_language_without_its_tags(vectors: ws.WordVectors) -> None:
    tagged = ws.WordVectors([f"de:{word}" for word in WORDS], vectors.matrix)
    pipeline = ws.to_spacy(tagged, spacy.blank("de"))
    np.testing.assert_array_equal(pipeline.vocab.get_vector("Gänse"), vectors["Gänse"])
    with pytest.raises(DataError, match=r"the languages de, en.*vectors\.restricted"):
        ws.to_spacy(ws.WordVectors(["de:Gans", "en:goose"], np.eye(2)), spacy.blank("de"))


def test_what_spacy_cannot_hold_and_what_has_no_vectors() -> None:
    with pytest.raises(DataError, match="is empty"):
        ws.to_spacy(ws.WordVectors(["a", ""], np.eye(2)), spacy.blank("en"))
    with pytest.raises(DataError, match="has no word vectors"):
        ws.from_spacy(spacy.blank("en"))

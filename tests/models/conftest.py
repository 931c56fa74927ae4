"""Tiny data of every kind that a model may take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.text.corpus import Corpus
from wordsight.text.languages import join_languages
from wordsight.text.parallel import ParallelText
from wordsight.vectors.word_vectors import WordVectors


def tiny_inputs(seed: int, n_words: int) -> dict[str, Any]:
    """By kind, as in ``Model.inputs``; the corpus is there tagged too, for models of several languages."""
    random = np.random.default_rng(seed)
    words = [f"w{i}" for i in range(n_words)]
    features = ImageFeatures(
        [f"i{i}" for i in range(30)], random.normal(size=(30, 12)).astype(np.float32), sources=["p", "q", "r"] * 10
    )
    documents = [[words[i] for i in random.integers(0, n_words, 40)] for _ in range(10)]
    by_language = [Corpus.from_documents(documents, language=language) for language in ("en", "de")]
    return {
        "corpus": Corpus.from_documents(documents),
        "tagged corpus": join_languages(by_language),
        "parallel": ParallelText({code: [" ".join(d[:6]) for d in documents] for code in ("en", "de")}),
        "spaces": [WordVectors(c.vocabulary.words, random.normal(size=(n_words, 8))) for c in by_language],
        "lexicon": VisualLexicon.from_pairs([(words[i % 10], f"i{i}") for i in range(30)], features),
        "captions": ImageCaptions(
            [" ".join(words[i] for i in random.integers(0, n_words, 3)) for _ in range(40)],
            random.integers(0, 30, 40),
            features,
            languages=["en", "de"] * 20,
        ),
    }


@pytest.fixture(scope="session")
def inputs() -> dict[str, Any]:
    return tiny_inputs(seed=0, n_words=15)


@pytest.fixture(scope="session")
def other_inputs() -> dict[str, Any]:
    return tiny_inputs(seed=1, n_words=13)

"""On real text and pictures the models do what they are for; benchmarks/ measures how well."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from wordsight.evaluation.tasks.similarity import similarity
from wordsight.models.pixie import PIXIE
from wordsight.models.sgns import SGNS
from wordsight.papers.standard_data import standard_lexicon
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors


@pytest.mark.data
def test_sight_helps_and_shuffled_pictures_help_less(data: Path, tmp_path: Path) -> None:
    """A tenth of protocol S: on MEN, text < PIXIE with shuffled pictures < PIXIE."""
    with lzma.open(data / "text" / "en-simplewiki.txt.xz") as stream:
        (tmp_path / "text.txt").write_bytes(stream.read(20_000_000))
    corpus = Corpus.from_text(tmp_path / "text.txt")
    lexicon = standard_lexicon(data)

    def men(vectors: WordVectors) -> float:
        return similarity(vectors, data / "similarity" / "en" / "EN-MEN-TR-3k.txt", resamples=1).score

    text = men(SGNS(workers=1).fit(corpus).vectors_)
    seen = men(PIXIE(workers=1).fit(corpus, lexicon).vectors_)
    shuffled = men(PIXIE(workers=1, control="shuffled").fit(corpus, lexicon).vectors_)
    assert 0.5 < text < shuffled < seen - 0.01, (text, shuffled, seen)

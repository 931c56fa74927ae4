"""Retrieval: what frozen word vectors are worth to a network that finds images for captions and captions for images.

Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts and Images.
EMNLP 2018 (task 2).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from wordsight.evaluation.metrics.precision import hits_result
from wordsight.evaluation.metrics.recall import DIRECTIONS, RANKS
from wordsight.evaluation.result import Result, Results
from wordsight.evaluation.tasks._retrieval_training import Encoded, RetrievalSettings, Retriever
from wordsight.grounding.caption_splits import CaptionSplits
from wordsight.vectors.word_vectors import WordVectors


def retrieval(
    vectors: WordVectors,
    captions: CaptionSplits,
    *,
    settings: RetrievalSettings | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Results:
    """How often an image's caption, and a caption's image, comes first (R@1) after a GRU is trained on the vectors.

    R@5 and R@10 are in the details. A query counts when one of its right answers is found; a wrong answer that is as
    near as the right one counts as nearer. Words without a vector share one that is trained, so that every query is
    asked; the details say how many there are. Within :func:`wordsight.training.checkpoint.checkpointing` a training
    that was stopped goes on.

    Args:
        vectors: words, of any library; they stay as they are.
        captions: to train on, to stop by, and to be tested on, with their images.
        settings: of the training; None for the paper's.
        resamples: of the bootstrap.
        seed: of the bootstrap.

    Returns:
        Two results, of the data sets ``caption-to-image`` and ``image-to-caption``.

    Raises:
        ParameterError, UnknownNameError: a setting makes no sense.
        DataError: the training diverged.
    """
    retriever = Retriever(vectors, captions, settings or RetrievalSettings()).fit()
    encoded = retriever.encode(captions.test)
    facts = {
        "epochs": len(retriever.history),
        "best_epoch": retriever.best_epoch,
        "interrupted": retriever.interrupted,
        "words": encoded.n_words,
        "unknown_words": len(encoded.unknown),
        "missing_words": "one shared trained vector",
    }
    return Results(results(encoded, facts, resamples=resamples, seed=seed))


def results(encoded: Encoded, details: dict[str, Any], *, resamples: int, seed: int) -> list[Result]:
    """Recall of encoded captions and images in both directions.

    Args:
        encoded: by a :class:`~wordsight.evaluation.tasks._retrieval_training.Retriever`.
        details: further facts.
        resamples: of the bootstrap.
        seed: of the bootstrap.
    """
    n_captions, n_images = len(encoded.captions), len(encoded.images)
    belong = encoded.pairing.belong(np.arange(n_captions))
    found = []
    for direction, hits, n_right, n_answers in zip(
        DIRECTIONS, encoded.ranks, (belong.sum(axis=1), belong.sum(axis=0)), (n_images, n_captions), strict=True
    ):
        result = hits_result(
            "retrieval",
            direction,
            "recall",
            hits,
            n_right,
            n_candidates=n_answers,
            total=len(hits),
            ranks=RANKS,
            resamples=resamples,
            seed=seed,
            details={**details, "median_rank": float(np.median(hits)) + 1},
        )
        found.append(result)
    return found

"""Retrieval: what frozen word vectors are worth to a network that finds images for captions and captions for images.

Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts and Images.
EMNLP 2018 (task 2).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from wordsight.errors import ParameterError
from wordsight.evaluation.metrics.precision import hits_result
from wordsight.evaluation.metrics.recall import DIRECTIONS, RANKS
from wordsight.evaluation.result import Result, Results
from wordsight.evaluation.task_inputs import Given, Resamples, Seed
from wordsight.evaluation.tasks.retrieval_settings import RetrievalSettings, read_settings
from wordsight.grounding.caption_splits import CaptionSplits
from wordsight.images.features import ImageFeatures
from wordsight.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from wordsight.evaluation.tasks.retrieval_training import Encoded


def retrieval(
    vectors: WordVectors,
    captions: Annotated[CaptionSplits | str | os.PathLike[str], Given("FILE", Path)],
    *,
    features: Annotated[ImageFeatures | str | os.PathLike[str] | None, Given("DIR", Path)] = None,
    settings: Annotated[RetrievalSettings | Mapping[str, Any] | None, Given("NAME=VALUE", dict)] = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> Results:
    """Retrieval: a GRU trained on the vectors finds images by captions and captions by images (R@1, R@5, R@10).

    A query counts when one of its right answers is found; a wrong answer that is as
    near as the right one counts as nearer. Words without a vector share one that is trained, so that every query is
    asked; the details say how many there are. Within :func:`wordsight.training.checkpoint.checkpointing` a training
    that was stopped goes on.

    Args:
        vectors: words, of any library; they stay as they are.
        captions: captions to train on, to stop by and to be tested on; or a file of Karpathy's splits, or a table
            with the columns image, caption and split, which need the features.
        features: the captions' images, or the directory that they were saved in.
        settings: how the network is trained, such as ``epochs=10``; see ``RetrievalSettings``.
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.

    Returns:
        Two results, of the data sets ``caption-to-image`` and ``image-to-caption``.

    Raises:
        ParameterError, UnknownNameError: a setting makes no sense, or a file of captions comes without features.
        DataError: a file cannot be read, or the training diverged.
    """
    from wordsight.evaluation.tasks.retrieval_training import Retriever  # brings torch, which no other task needs

    splits = _splits(captions, features)
    retriever = Retriever(vectors, splits, read_settings(settings)).fit()
    encoded = retriever.encode(splits.test)
    facts = {
        "epochs": len(retriever.history),
        "best_epoch": retriever.best_epoch,
        "interrupted": retriever.interrupted,
        "words": encoded.n_words,
        "unknown_words": len(encoded.unknown),
        "missing_words": "one shared trained vector",
    }
    return Results(results(encoded, facts, resamples=resamples, seed=seed))


def _splits(
    captions: CaptionSplits | str | os.PathLike[str], features: ImageFeatures | str | os.PathLike[str] | None
) -> CaptionSplits:
    """The captions, read where they are a file."""
    if isinstance(captions, CaptionSplits):
        return captions
    if features is None:
        raise ParameterError(f"retrieval needs the features of the images that {captions} describes")
    if not isinstance(features, ImageFeatures):
        features = ImageFeatures.load(features)
    return CaptionSplits.load(captions, features)


def results(encoded: Encoded, details: dict[str, Any], *, resamples: int, seed: int) -> list[Result]:
    """Recall of encoded captions and images in both directions.

    Args:
        encoded: what a :class:`~wordsight.evaluation.tasks.retrieval_training.Retriever` encoded.
        details: further facts.
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.
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

"""How well a model of captions predicts the masked words of captions that it has not seen."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from wordsight.errors import DataError
from wordsight.grounding.captions import ImageCaptions
from wordsight.models.wield import WIELD
from wordsight.text.tokenize import tokenizer


def held_out_loss(model: WIELD, captions: ImageCaptions) -> float:
    """The mean cross-entropy of masked words, in nats: L_word of the paper on captions that were held out.

    Args:
        model: fitted, with the softmax over the whole vocabulary.
        captions: words that the model does not know are left out, as in training.

    Raises:
        DataError: no caption has two words that the model knows.
    """
    losses = []
    split = tokenizer("words").tokens
    for caption, n in zip(*np.unique(captions.captions, return_counts=True), strict=True):
        rows = model.vectors_.rows(split(str(caption)))
        ids = rows[rows >= 0]
        if len(ids) > 1:
            losses += [np.repeat(_losses(model, ids), n)]
    if not losses:
        raise DataError("no held-out caption has two words that the model knows; hold out more captions")
    return float(np.concatenate(losses).mean(dtype=np.float64))


def _losses(model: WIELD, ids: np.ndarray) -> np.ndarray:
    """The cross-entropy of each word of a caption, masked in turn, float64 [n]."""
    distance = abs(np.arange(len(ids))[:, None] - np.arange(len(ids)))
    context = (distance > 0) & (distance <= (model.window or len(ids)))
    hidden = context.astype(np.float64) @ model.text_vectors_[ids]
    logits = hidden @ model.context_vectors_.T + model.context_biases_
    found: np.ndarray = logsumexp(logits, axis=1) - logits[np.arange(len(ids)), ids]
    return found

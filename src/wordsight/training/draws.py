"""What passes over a text draw, checked against the text before they begin."""

from __future__ import annotations

import logging

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.kernels.sampling import Sampling
from wordsight.text.corpus import Corpus

log = logging.getLogger(__name__)

USUAL_NEGATIVES = 20
"""The most negatives that word2vec's authors found useful, for small texts; so many are always taken."""
USUAL_WINDOW = 10
"""Windows up to this are not worth a word, however short the documents."""


def check_draws(corpus: Corpus, sampling: Sampling, *, window: int, negatives: int, epochs: int) -> None:
    """Checks what is drawn against the text; a window that no document fills is said.

    Raises:
        ParameterError: there are more negatives than the vocabulary has words, and than are usual.
        DataError: subsampling leaves less than one pair of words in all epochs.
    """
    n_words, n_documents = len(corpus.vocabulary), len(corpus.offsets) - 1
    if negatives > max(n_words, USUAL_NEGATIVES):
        raise ParameterError(
            f"negatives is {negatives:,}, but the vocabulary has {n_words:,} words; 5 to {USUAL_NEGATIVES} are usual"
        )
    kept = float(corpus.vocabulary.counts @ (sampling.keep / (2**32 - 1)))
    if kept**2 / n_documents * epochs < 1:
        raise DataError(
            f"subsample leaves about {kept:.2g} of the text's {len(corpus):,} words, so that nothing is learned; "
            "set subsample=0 (--set model.subsample=0) for so short a text"
        )
    longest = int(np.diff(corpus.offsets).max())
    if window > max(longest, USUAL_WINDOW):
        log.warning("window is %s, but the longest document has %s words: all its words are contexts", window, longest)

"""IESG's two hinge losses over the windows of a corpus, compiled.

The two losses alternate, for a word w_i, a word w_c of its context and a drawn word w'_c (Luo 2018, equations 1 and 2;
E is the inner product):

    max(0, m − λ E(w_i, w_c) + E(w_i, w'_c))      and      max(0, m − λ E(W f_i, w_c) + E(W f_i, w'_c))

f_i are the features of an image of the word, drawn for each occurrence. In equation 2, w_c is also the word itself
where :attr:`Images.central_word` says so. One table holds the vectors of centre, context and drawn words, and each pair
updates it at once. The images of a block of windows are projected together, and W takes one step after the block: two
small matrix products (:mod:`wordsight.kernels.products`) replace a matrix-vector product for each pair.

Threads update the words without locks (Hogwild). All of W changes in every block, so threads that shared it would
wait for its cache lines; each has a copy, and after :data:`APART` images adds what its copy learned to W.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit

from wordsight.kernels.compiling import kept_njit
from wordsight.kernels.products import (
    FAST,
    INPUTS,
    LANES,
    check_padding,
    padded,
    prefetch,
    scatter,
    scores_of,
)
from wordsight.kernels.sampling import (
    PIECE,
    below,
    bits,
    context,
    draw_negatives,
    draw_piece,
    end_of_document,
    random,
    rate_at,
)

BLOCK = 64
"""Windows in a block, between two steps of W."""
APART = 512
"""Images after which a thread joins its copy of W with the others'."""


class Images(NamedTuple):
    """The images of the words, the projection, and the settings of the losses.

    Attributes:
        starts: int64 [n_words + 1]; the images of word i are ``rows[starts[i]:starts[i + 1]]``, possibly none.
        rows: int64 [n_pairs], rows of ``features``.
        shares: float64 [n_pairs], cumulative probability of each image within its word; the last is 1.
        features: f, [n_images, n_features], constant.
        projection: W, [dim rounded up to whole tiles, n_features], learned; further rows are zero and stay so.
        margin: m, in the dtype of the features.
        weight: λ, likewise.
        central_word: whether an image predicts its own word too, after those around it.
        tally: float64 [4], incremented by the summed loss and the number of pairs of equation 1, then of equation 2.
    """

    starts: np.ndarray
    rows: np.ndarray
    shares: np.ndarray
    features: np.ndarray
    projection: np.ndarray
    margin: np.floating
    weight: np.floating
    central_word: bool
    tally: np.ndarray

    def changing(self) -> dict[str, np.ndarray]:
        """The arrays that the kernel changes."""
        return {"projection": self.projection, "tally": self.tally}

    def mean_losses(self) -> dict[str, float]:
        """The mean losses of both equations since the last call."""
        words, n_words, images, n_images = self.tally.tolist()
        self.tally[:] = 0
        return {"word_loss": words / max(n_words, 1), "image_loss": images / max(n_images, 1)}


@njit(inline="always")
def _drawn_image(images, word, state):  # type: ignore[no-untyped-def]
    """An image of the word, drawn by the images' shares; the word has at least one."""
    first, last = images.starts[word], images.starts[word + 1] - 1
    share = np.float64(bits(state) >> np.uint64(11)) * 2.0**-53
    return images.rows[min(first + np.searchsorted(images.shares[first : last + 1], share, side="right"), last)]


@njit(inline="always")
def _draw_images(images, words, slots, features, state):  # type: ignore[no-untyped-def]
    """Draws an image for each word that has any, and copies its features to a row; sets slots to the row, or to -1.

    Returns:
        The number of images, and the random state.
    """
    n = 0
    for i in range(words.size):
        slots[i] = -1
        if images.starts[words[i] + 1] > images.starts[words[i]]:
            state = random(state)
            features[n] = images.features[_drawn_image(images, words[i], state)]
            slots[i] = n
            n += 1
    return n, state


@njit(inline="always")
def _pair(anchor, change, words, right, wrong, images, rate, anchor_rate, dim):  # type: ignore[no-untyped-def]
    """The loss of a pair; if positive, the words take a step, and the anchor's step is added to ``change``."""
    loss, weight = images.margin, images.weight
    for d in range(dim):
        loss += anchor[d] * (words[wrong, d] - weight * words[right, d])
    if loss <= 0:
        return 0.0
    for d in range(dim):
        a, gradient = anchor[d], weight * words[right, d] - words[wrong, d]
        words[right, d] += rate * weight * a
        words[wrong, d] -= rate * a
        change[d] += anchor_rate * gradient
    return np.float64(loss)


@njit(inline="always")
def _join(projection, own, before):  # type: ignore[no-untyped-def]
    """Adds what a copy of W has learned since it was taken to W, and takes a new one."""
    for row in range(projection.shape[0]):
        for i in range(projection.shape[1]):
            projection[row, i] += own[row, i] - before[row, i]
            before[row, i] = projection[row, i]
            own[row, i] = projection[row, i]


@functools.cache
def iesg_kernel(dim: int) -> Callable[..., tuple[float, int]]:
    """The kernel for one padded dimension, which is a compile-time constant, so that loops unroll.

    It is called as ``(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, images)``, with
    arguments as in :func:`~wordsight.kernels.skipgram.skipgram_kernel`, except:

    - tables: only the input vectors are used;
    - negatives: number of w'_c drawn for each pair, each with its own loss (1 in the paper);
    - images: :class:`Images`.

    It returns the summed loss and the number of pairs of both equations together.
    """
    check_padding(dim)

    @kept_njit(nogil=True, fastmath=FAST, error_model="numpy")
    def train(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, images):  # type: ignore[no-untyped-def]
        words, projection, before = tables.inputs, images.projection.copy(), images.projection.copy()
        one = words.dtype.type(1)
        contexts, drawn = np.empty(2 * window + 1, np.int64), np.empty((2 * window + 1) * negatives, np.int64)
        kept, slots = np.empty(PIECE, np.int32), np.empty(BLOCK, np.int64)
        n_components, n_features = projection.shape
        components = np.arange(n_components)
        features = np.zeros((BLOCK, n_features), words.dtype)
        projected = np.zeros((BLOCK, dim + LANES), words.dtype)  # wider than W has rows
        gradients = np.zeros((BLOCK, dim + LANES), words.dtype)
        tally, state, position, apart = np.zeros(4), seed, start, 0
        document = np.searchsorted(offsets, start, side="right")
        while position < stop:
            document = end_of_document(offsets, document, position)
            end = min(offsets[document], stop)
            rate = words.dtype.type(rate_at(position, start, stop, rates))
            position, length, state = draw_piece(ids, position, end, sampling.keep, kept, state)
            for first in range(0, length, BLOCK):
                last = min(first + BLOCK, length)
                n_images, state = _draw_images(images, kept[first:last], slots, features, state)
                n_rows = padded(n_images, INPUTS)
                scores_of(features, n_rows, projection, components, n_components, projected, n_features)
                gradients[:n_rows] = 0
                for centre in range(first, last):
                    word, slot = kept[centre], slots[centre - first]
                    state = random(state)
                    n = context(kept, length, centre, 1 + below(bits(state), window), contexts)
                    if slot >= 0 and images.central_word:
                        contexts[n] = word
                        n += 1
                    state = draw_negatives(drawn, 0, n * negatives, sampling, state)
                    for i in range(n * negatives):
                        prefetch(words, drawn[i], dim)
                    for i in range(n * negatives):
                        right, wrong = contexts[i // negatives], drawn[i]
                        if wrong == right or wrong == word:  # noqa: SIM109 (numba has no "in" for these)
                            continue
                        if right != word:
                            anchor = words[word]
                            tally[0] += _pair(anchor, anchor, words, right, wrong, images, rate, rate, dim)
                            tally[1] += 1
                        if slot >= 0:
                            anchor = projected[slot]
                            tally[2] += _pair(anchor, gradients[slot], words, right, wrong, images, rate, one, dim)
                            tally[3] += 1
                if n_images:
                    scatter(gradients, features, n_rows, projection, components, n_components, rate, n_features)
                    apart += n_images
                if apart >= APART:
                    _join(images.projection, projection, before)
                    apart = 0
        _join(images.projection, projection, before)
        for i in range(4):
            images.tally[i] += tally[i]
        return tally[0] + tally[2], np.int64(tally[1] + tally[3])

    kernel: Callable[..., tuple[float, int]] = train
    return kernel

"""The IESG kernel in plain NumPy, the test oracle of the compiled one.

Same signature, same random numbers and same order of updates as :func:`wordsight.kernels.iesg.iesg_kernel`.
"""

from __future__ import annotations

import numpy as np

from wordsight.kernels.iesg import BLOCK, Images
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.sampling_reference import Xorshift, around, negative, pieces, rate_at
from wordsight.kernels.vector_tables import VectorTables


def train(
    ids: np.ndarray,
    offsets: np.ndarray,
    start: int,
    stop: int,
    tables: VectorTables,
    sampling: Sampling,
    window: int,
    negatives: int,
    rates: tuple[float, float],
    seed: int | np.uint64,
    images: Images,
) -> tuple[float, int]:
    """Makes one pass over ``ids[start:stop]``; arguments and result as for the compiled kernel."""
    tally, random, vectors = np.zeros(4), Xorshift(int(seed)), tables.inputs
    matrix = images.projection[: vectors.shape[1]]  # without W's spare rows
    padding = (0, vectors.shape[1] - len(matrix))
    for position, tokens in pieces(ids, offsets, start, stop, sampling, random):
        rate, kept = rate_at(position, start, stop, rates), ids[tokens].tolist()
        for first in range(0, len(kept), BLOCK):
            block = kept[first : first + BLOCK]
            seen = {i: _drawn_image(images, word, random) for i, word in enumerate(block) if _has_image(images, word)}
            projected = {i: np.pad(matrix @ images.features[row], padding) for i, row in seen.items()}
            steps = {i: np.zeros_like(anchor) for i, anchor in projected.items()}
            for i, word in enumerate(block):
                contexts = around(kept, first + i, 1 + random.below(window))
                if i in seen and images.central_word:
                    contexts.append(word)
                pairs = [right for right in contexts for _ in range(negatives)]
                drawn = [negative(sampling, random) for _ in pairs]
                for right, wrong in zip(pairs, drawn, strict=True):
                    if wrong in (right, word):
                        continue
                    if right != word:
                        loss, gradient = _step(vectors[word], vectors, right, wrong, images, rate)
                        vectors[word] += rate * gradient
                        tally[:2] += loss, 1
                    if i in projected:
                        loss, gradient = _step(projected[i], vectors, right, wrong, images, rate)
                        steps[i] += gradient
                        tally[2:] += loss, 1
            for i, row in seen.items():  # all images of a block are projected by the same W
                matrix += rate * np.outer(steps[i][: len(matrix)], images.features[row])
    images.tally[:] += tally
    return tally[0] + tally[2], int(tally[1] + tally[3])


def _has_image(images: Images, word: int) -> bool:
    return bool(images.starts[word + 1] > images.starts[word])


def _drawn_image(images: Images, word: int, random: Xorshift) -> int:
    """The row of an image of the word, drawn by the images' shares."""
    own = slice(images.starts[word], images.starts[word + 1])
    drawn = int(np.searchsorted(images.shares[own], (random.bits() >> 11) * 2.0**-53, side="right"))
    return int(images.rows[own][min(drawn, len(images.rows[own]) - 1)])


def _step(
    anchor: np.ndarray, vectors: np.ndarray, right: int, wrong: int, images: Images, rate: float
) -> tuple[float, np.ndarray]:
    """A hinge loss and its −∂/∂anchor; if the loss is positive, the right and the wrong word take a step."""
    loss = images.margin - images.weight * (anchor @ vectors[right]) + anchor @ vectors[wrong]
    if loss <= 0:
        return 0.0, np.zeros_like(anchor)
    gradient = images.weight * vectors[right] - vectors[wrong]
    toward = rate * anchor
    vectors[right] += images.weight * toward
    vectors[wrong] -= toward
    return float(loss), gradient

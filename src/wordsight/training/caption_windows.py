"""The windows of captions: each word of a caption is masked in turn, and the words around it are the context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from wordsight.errors import DataError
from wordsight.grounding.query_pairs import QueryPairs


class WindowBatch(NamedTuple):
    """A batch of windows, the input of a network.

    Attributes:
        contexts: int64 [n_context_words], context words, one window after another.
        offsets: int64 [n_windows], start of each window in ``contexts``.
        masked: int64 [n_windows], masked words.
        images: int64 [n_windows], image rows of the captions.
        weights: float32 [n_windows], weights of the captions.
    """

    contexts: torch.Tensor
    offsets: torch.Tensor
    masked: torch.Tensor
    images: torch.Tensor
    weights: torch.Tensor


@dataclass(frozen=True)
class CaptionWindows:
    """All windows of all captions; ``windows[numbers]`` makes a batch.

    A context has at most ``window`` words of the caption on either side; words outside the vocabulary are skipped. A
    window is stored as the positions of its first, its masked and its last word in ``words``.

    Attributes:
        words: int64 [n_words_of_captions], word ids of the distinct captions, one after another.
        bounds: int32 [n_windows, 3], positions in ``words``: first word, masked word, and one after the last word.
        images: int64 [n_windows], image row of each window's caption.
        weights: float32 [n_windows], weight of each window's caption.
    """

    words: torch.Tensor
    bounds: torch.Tensor
    images: torch.Tensor
    weights: torch.Tensor

    @classmethod
    def from_pairs(cls, pairs: QueryPairs, window: int, device: torch.device) -> CaptionWindows:
        """Makes the windows of captions.

        Args:
            pairs: the captions.
            window: greatest distance of a context word; 0: the whole caption.
            device: device of all tensors.

        Raises:
            DataError: no caption has two words.
        """
        reach = reach_of(pairs, window)
        lengths = np.diff(pairs.offsets)
        positions = np.arange(len(pairs.words))
        starts, ends = (np.repeat(edges, lengths) for edges in (pairs.offsets[:-1], pairs.offsets[1:]))
        bounds = np.stack(
            [np.maximum(starts, positions - reach), positions, np.minimum(ends, positions + reach + 1)], axis=1
        )
        # A caption of several pairs has its windows once for each pair.
        pair_of = np.repeat(np.arange(len(pairs.query_of)), lengths[pairs.query_of])
        firsts = np.cumsum(lengths[pairs.query_of]) - lengths[pairs.query_of]
        masked = pairs.offsets[pairs.query_of][pair_of] + np.arange(len(pair_of)) - firsts[pair_of]
        several = lengths[pairs.query_of][pair_of] > 1
        pair_of, masked = pair_of[several], masked[several]
        if not len(pair_of):
            raise DataError("no caption has two words of the vocabulary; lower min_count or give longer captions")
        arrays = (pairs.words, bounds[masked].astype(np.int32), pairs.image_of[pair_of], pairs.weights[pair_of])
        return cls(*(torch.from_numpy(array).to(device) for array in arrays))

    def __len__(self) -> int:
        return len(self.bounds)

    def __getitem__(self, numbers: torch.Tensor) -> WindowBatch:
        """Makes a batch of windows, given by number, int64 [n]."""
        first, masked, last = self.bounds[numbers].long().unbind(1)
        sizes = last - first - 1
        ends = sizes.cumsum(0)
        offsets = ends - sizes
        positions = (first - offsets).repeat_interleave(sizes) + torch.arange(int(ends[-1]), device=ends.device)
        positions += positions >= masked.repeat_interleave(sizes)
        return WindowBatch(
            self.words[positions], offsets, self.words[masked], self.images[numbers], self.weights[numbers]
        )


def reach_of(pairs: QueryPairs, window: int) -> int:
    """The greatest distance of a context word: ``window``, or the length of the longest caption if that is 0."""
    return window or int(np.diff(pairs.offsets).max())

"""V-SGNS (the paper's MMSkip-gram): skip-gram that also brings word vectors near the words' visual vectors.

Lazaridou, Pham, Baroni: Combining Language and Vision with a Multimodal Skip-gram Model. NAACL 2015.

================================= ===================================================================
paper                             here
================================= ===================================================================
u_w                               row of ``vectors_``
v_w, visual vector of w           row of ``x``, of unit length
MMSkip-gram-A: v_w in u's space   ``mapping="direct"``, x reduced to ``dim`` by SVD; ``map_`` is I
MMSkip-gram-B: z = M^(u→v) u      ``mapping="learnt"``, ``map_``
γ                                 ``margin``
P_n, k words w'                   uniform over the visual words, ``visual_negatives``
================================= ===================================================================

The objective is L_ling + L_vision, on each occurrence of a word w in the text, sub-sampled (equations 2 to 5):

    L_vision(w) = −Σ_{w' ~ P_n} max(0, γ − cos(M u_w, v_w) + cos(M u_w, v_w')),     0 where w has no image

The kernel takes the steps of both parts on u. M is fixed while the kernel reads a segment of the text. Then M takes
steps on L_vision, with an L2 penalty, for words drawn in proportion to their occurrences in the segment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np

from wordsight.devices import threads
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualTransforms, VisualWords, parse_transform
from wordsight.images.transforms import Chain
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.kernels.vector_tables import aligned_zeros
from wordsight.kernels.visual_term import VisualTerm
from wordsight.models._earlier_text import check_same, earlier_text
from wordsight.models._kept_transforms import KeptTransforms
from wordsight.models._shared_parameters import SkipGramModel
from wordsight.models.base import Model
from wordsight.models.parameters import MOST_AROUND, hyperparameters, learned, parameter
from wordsight.storage.tensors import below, from_below
from wordsight.text.corpus import Corpus
from wordsight.training.text_start import TextStart
from wordsight.training.word2vec_passes import word2vec_passes
from wordsight.vectors.word_vectors import WordVectors

MAPPINGS = ("direct", "learnt")
SEGMENTS = 20
"""Segments of an epoch; M learns after each of them."""


@hyperparameters
class VSGNS(KeptTransforms, SkipGramModel):
    """Skip-gram with a max-margin visual objective for each occurrence of a word with images (MMSkip-gram A and B).

    Attributes:
        context_vectors_: float32 [n_words, dim], the output vectors.
        counts_: int64 [n_words], how often each word occurred, in all texts that were gone on with.
        map_: M, float32 [n_features, dim]; ``map_ @ u`` is compared with the visual vectors.
        reduction_: for the direct mapping, the fitted chain that gives visual vectors the length ``dim``; else None.
    """

    name = "vsgns"
    title = "V-SGNS"
    citation = "Lazaridou, Pham, Baroni: Combining Language and Vision with a Multimodal Skip-gram Model. NAACL 2015."
    inputs = ("corpus", "lexicon")
    mapping: str = parameter(
        "direct",
        'comparison of word vectors with visual vectors. "direct": both have length ``dim`` (model A); "learnt": '
        "through a learned linear map (model B)",
        choices=MAPPINGS,
    )
    margin: float = parameter(
        0.5, "γ, least difference between the cosines of the word's own visual vector and a negative's", at_least=0
    )
    visual_negatives: int = parameter(
        5, "words with images drawn as negatives for each occurrence", at_least=1, at_most=MOST_AROUND
    )
    visual_weight: float = parameter(1.0, "weight of the visual objective; 3 does better with a learnt map", at_least=0)

    context_vectors_: np.ndarray = learned()
    counts_: np.ndarray = learned()
    map_: np.ndarray = learned()
    reduction_: Chain | None = learned(None)

    def fit(self, corpus: Corpus, lexicon: VisualLexicon, text: WordVectors | Model | None = None) -> Self:
        """Learns from a corpus and the images of its words.

        Args:
            corpus: the text.
            lexicon: which images show a word.
            text: vectors or a fitted text model to start from, as for :class:`~wordsight.models.sgns.SGNS`. From a
                V-SGNS training goes on, and keeps the map and the transforms of the images' features.

        Raises:
            DataError: no word has an image, or the vectors of ``text`` have another length.
            UnknownNameError, ParameterError: a hyperparameter makes no sense, or differs from that of ``text`` where it
                must not.
        """
        earlier, kept = earlier_text(self, text, self.dim), self._kept(text)
        self._begin()
        self.transforms_, self.reduction_, first_map = kept
        start = TextStart.after(earlier, corpus)
        visual = self._visual_words(lexicon, start.frequencies, self.transforms_)
        term = self._term(visual, len(start.words))
        passes = word2vec_passes(start, skipgram_kernel, term=term, **self.text_settings())
        with threads(1):
            if self.mapping == "direct":
                self.map_ = np.eye(self.dim, dtype=np.float32)
                passes.run(self.title)
            else:
                from wordsight.models._vsgns_map import MapLearner  # imports torch, which model A does without

                learner = MapLearner(
                    visual.features, visual.ids, term, passes.tables.inputs, self.dim, self.seed, first_map
                )
                passes.run(self.title, segments=SEGMENTS, between=learner.step, changing=learner.changing())
                self.map_ = learner.matrix.detach().numpy()
        start.settle(passes.tables, self.dim)
        self.vectors_ = WordVectors(start.words, passes.tables.input_vectors(self.dim))
        self.context_vectors_ = passes.tables.output_vectors(self.dim)
        self.counts_ = start.frequencies.counts
        self.history_, self.interrupted_ = passes.history, passes.interrupted
        return self

    def _kept(self, text: WordVectors | Model | None) -> tuple[VisualTransforms, Chain | None, np.ndarray | None]:
        """The transforms, the reduction and M of the model to go on from, or new ones.

        Raises:
            ParameterError: that model has other hyperparameters that these depend on.
        """
        if not isinstance(text, VSGNS):
            return parse_transform(self.transform), None, None
        check_same(self, text, "mapping", "transform")
        return text.transforms_, text.reduction_, text.map_

    def _term(self, visual: VisualWords, n_words: int) -> VisualTerm:
        """The kernel's visual term; for a learnt map, :class:`MapLearner` sets its targets and Gram matrix."""
        rows = np.full(n_words, -1, dtype=np.int32)
        rows[visual.ids] = np.arange(len(visual.ids), dtype=np.int32)
        targets = aligned_zeros(len(visual.ids), self.dim)
        gram = targets[:0, :0]
        if self.mapping == "learnt":
            gram = aligned_zeros(targets.shape[1], self.dim)
        else:
            if self.reduction_ is None:
                self.reduction_ = self._new_reduction(visual.features.shape[1] > self.dim).fit(visual.features)
            x = self.reduction_.transform(visual.features)
            targets[:, : x.shape[1]] = x
        return VisualTerm(
            rows=rows,
            targets=targets,
            gram=gram,
            occurrences=np.zeros(len(visual.ids), dtype=np.int64),
            negatives=self.visual_negatives,
            margin=self.margin,
            weight=self.visual_weight,
        )

    def _new_reduction(self, shorter: bool) -> Chain:
        """The chain that gives visual vectors unit length, and makes them shorter where they are longer than dim."""
        return Chain.parse(f"svd:{self.dim} l2" if shorter else "l2")

    def _tensors(self) -> dict[str, np.ndarray]:
        reduction = {} if self.reduction_ is None else self.reduction_.tensors()
        return super()._tensors() | below("reduction", reduction)

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        super()._restore(tensors)
        if fitted := from_below("reduction", tensors):
            self.reduction_ = self._new_reduction(any("svd" in name for name in fitted)).restore(fitted)

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

from typing import Self

import numpy as np

from wordsight.devices import threads
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords
from wordsight.images.transforms import Chain
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.kernels.vector_tables import aligned_zeros
from wordsight.kernels.visual_term import VisualTerm
from wordsight.models._shared_parameters import SkipGramModel, VisualModel
from wordsight.models.parameters import MOST_AROUND, hyperparameters, learned, parameter
from wordsight.text.corpus import Corpus
from wordsight.training.word2vec_passes import word2vec_passes
from wordsight.vectors.word_vectors import WordVectors

MAPPINGS = ("direct", "learnt")
SEGMENTS = 20
"""Segments of an epoch; M learns after each of them."""


@hyperparameters
class VSGNS(VisualModel, SkipGramModel):
    """Skip-gram with a max-margin visual objective for each occurrence of a word with images (MMSkip-gram A and B).

    Attributes:
        context_vectors_: float32 [n_words, dim], the output vectors.
        map_: M, float32 [n_features, dim]; ``map_ @ u`` is compared with the visual vectors.
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
    map_: np.ndarray = learned()

    def fit(self, corpus: Corpus, lexicon: VisualLexicon) -> Self:
        """Learns from a corpus and the images of its words.

        Raises:
            DataError: no word of the corpus has an image.
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        self._begin()
        visual = self._visual_words(lexicon, corpus.vocabulary)
        term = self._term(visual, len(corpus.vocabulary))
        passes = word2vec_passes(corpus, skipgram_kernel, term=term, **self.text_settings())
        with threads(1):
            if self.mapping == "direct":
                self.map_ = np.eye(self.dim, dtype=np.float32)
                passes.run(self.title)
            else:
                from wordsight.models._vsgns_map import MapLearner  # imports torch, which model A does without

                learner = MapLearner(visual.features, visual.ids, term, passes.tables.inputs, self.dim, self.seed)
                passes.run(self.title, segments=SEGMENTS, between=learner.step, changing=learner.changing())
                self.map_ = learner.matrix.detach().numpy()
        self.vectors_ = WordVectors(corpus.vocabulary.words, passes.tables.input_vectors(self.dim))
        self.context_vectors_ = passes.tables.output_vectors(self.dim)
        self.history_, self.interrupted_ = passes.history, passes.interrupted
        return self

    def _term(self, visual: VisualWords, n_words: int) -> VisualTerm:
        """The kernel's visual term; for a learnt map, :class:`MapLearner` sets its targets and Gram matrix."""
        rows = np.full(n_words, -1, dtype=np.int32)
        rows[visual.ids] = np.arange(len(visual.ids), dtype=np.int32)
        targets = aligned_zeros(len(visual.ids), self.dim)
        gram = targets[:0, :0]
        if self.mapping == "learnt":
            gram = aligned_zeros(targets.shape[1], self.dim)
        else:
            x = visual.features
            reduce = f"svd:{self.dim} l2" if x.shape[1] > self.dim else "l2"
            x = Chain.parse(reduce).fit_transform(x)
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

"""V-SGNS (the paper's MMSkip-gram): skip-gram whose vectors of visual words must also be near what they look like.

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

The kernel takes both parts' steps on u. M is fixed while the kernel reads a part of the text; then it takes steps on
L_vision of words drawn as often as they occurred there, with an L2 penalty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np

from wordsight.devices import threads
from wordsight.errors import ParameterError, unknown_name
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords, visual_words
from wordsight.images.transforms import Chain
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.kernels.vector_tables import aligned_zeros
from wordsight.kernels.visual_term import VisualTerm
from wordsight.models._settings import visual_settings
from wordsight.models._vsgns_map import MapLearner
from wordsight.models.base import Model
from wordsight.models.sgns import text_settings
from wordsight.text.corpus import Corpus
from wordsight.training.word2vec_passes import word2vec_passes
from wordsight.vectors.word_vectors import WordVectors

MAPPINGS = ("direct", "learnt")
SEGMENTS = 20
"""Parts of an epoch after each of which M learns."""


class VSGNS(Model):
    """Skip-gram with a max-margin visual objective on each occurrence of a word with images (MMSkip-gram A and B).

    Args:
        dim, window, negatives, subsample, epochs, learning_rate: of the skip-gram part, as in SGNS.
        mapping: how a word's vector meets its visual vector: ``"direct"``: in one space of ``dim`` (model A);
            ``"learnt"``: through a linear map that is learned with it (model B).
        margin: by how much more, as cosine, a word must be like its own images than like a drawn word's.
        visual_negatives: words drawn for each occurrence.
        visual_weight: of the visual objective; 1 in the paper. A learnt map gives way, so that 3 does better with it.
        transform: of the features: ``"of images | of words"``, see
            :func:`~wordsight.grounding.visual_words.visual_words`.
        control: None, or ``"shuffled"`` or ``"random"`` image features: what grounding gains without sight.
        hide_words: share of the visual words that are treated as if they had no image.
        seed: of all random numbers; with ``workers=1`` a run is repeatable bit for bit.
        workers: threads; None for one a core.

    Attributes:
        context_vectors_: float32 [n_words, dim], the output vectors.
        map_: M, float32 [n_features, dim]; a word's vector times it is the visual vector that the word is given.
    """

    name = "vsgns"
    title = "V-SGNS"
    citation = "Lazaridou, Pham, Baroni: Combining Language and Vision with a Multimodal Skip-gram Model. NAACL 2015."
    inputs = ("corpus", "lexicon")
    context_vectors_: np.ndarray
    map_: np.ndarray

    def __init__(
        self,
        dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-4,
        epochs: int = 5,
        learning_rate: float = 0.025,
        mapping: str = "direct",
        margin: float = 0.5,
        visual_negatives: int = 5,
        visual_weight: float = 1.0,
        transform: str = "centre | svd:200:0.5 l2",
        control: str | None = None,
        hide_words: float = 0.0,
        seed: int = 0,
        workers: int | None = None,
    ) -> None:
        self.dim = dim
        self.window = window
        self.negatives = negatives
        self.subsample = subsample
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.mapping = mapping
        self.margin = margin
        self.visual_negatives = visual_negatives
        self.visual_weight = visual_weight
        self.transform = transform
        self.control = control
        self.hide_words = hide_words
        self.seed = seed
        self.workers = workers

    def fit(self, corpus: Corpus, lexicon: VisualLexicon) -> Self:
        """Learns from a corpus and the images of its words.

        Raises:
            DataError: no word of the corpus has an image.
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        self._check()
        visual = visual_words(lexicon, corpus.vocabulary, **visual_settings(self))
        term = self._term(visual, len(corpus.vocabulary))
        passes = word2vec_passes(corpus, skipgram_kernel, term=term, **text_settings(self))
        with threads(1):  # M is small: more threads would wait for each other
            if self.mapping == "direct":
                self.map_ = np.eye(self.dim, dtype=np.float32)
                passes.run(self.title)
            else:
                learner = MapLearner(visual.features, visual.ids, term, passes.tables.inputs, self.dim, self.seed)
                passes.run(self.title, segments=SEGMENTS, between=learner.step, changing=learner.changing())
                self.map_ = learner.matrix.detach().numpy()
        self.vectors_ = WordVectors(corpus.vocabulary.words, passes.tables.input_vectors(self.dim))
        self.context_vectors_ = passes.tables.output_vectors(self.dim)
        self.history_, self.interrupted_ = passes.history, passes.interrupted
        return self

    def _check(self) -> None:
        if self.mapping not in MAPPINGS:
            raise unknown_name("mapping", self.mapping, MAPPINGS, hint=f"there are: {', '.join(MAPPINGS)}")
        for name in ("dim", "visual_negatives"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be at least 1")
        for name in ("margin", "visual_weight"):
            if not getattr(self, name) >= 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be 0 or positive")

    def _term(self, visual: VisualWords, n_words: int) -> VisualTerm:
        """The kernel's part of the objective; with a learnt map its targets and Gram matrix are yet to be set."""
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

    def _tensors(self) -> dict[str, np.ndarray]:
        return {"context_vectors": self.context_vectors_, "map": self.map_}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        self.context_vectors_, self.map_ = tensors["context_vectors"], tensors["map"]

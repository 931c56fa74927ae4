"""IESG, the image-enhanced skip-gram: words and projected images in one space, by two hinge losses taken in turn.

Luo: Exploration on Grounded Word Embedding: Matching Words and Images with Image-Enhanced Skip-Gram Model. 2018
(arXiv:1809.02765).

=================== ================================================================================
paper               here
=================== ================================================================================
w_i, w_c, w'_c      rows of ``vectors_``: one table for centre, context and drawn words
f_i                 transformed features of one of the word's images, drawn for each occurrence
W_p                 ``projection_``
E(a, b)             inner product
m, λ                ``margin``, ``weight``
=================== ================================================================================

The objective is, over the windows of the text (equations 1 and 2),

    max(0, m − λ E(w_i, w_c) + E(w_i, w'_c))  +  max(0, m − λ E(W_p f_i, w_c) + E(W_p f_i, w'_c))

from word vectors that skip-gram has made. With λ = 5 an inner product that all words share satisfies it: if
E is c for every pair, a loss is m − (λ − 1) c, and 0 once c reaches m / (λ − 1). Skip-gram's vectors have such a
part from the beginning, so that hardly a word's loss is positive; and equation 2 names the words *around* an image's
word, never the word itself. So images end up near words of their topic rather than near their own words.

``objective="contrastive"`` is the stronger variant: the words of an image are told from the other words of a batch
by a softmax over cosines, and a word's images from the other images (:mod:`wordsight.losses.contrastive`), while
skip-gram goes on reading the text, which keeps what the words mean to each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from wordsight.devices import threads
from wordsight.errors import ParameterError, unknown_name
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.kernels.iesg import Images, iesg_kernel
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.kernels.vector_tables import aligned_zeros
from wordsight.models._image_space import TRANSFORM, ImageSpace, WordImages, skipgram_of
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import CorpusPasses
from wordsight.training.word2vec_passes import word2vec_passes
from wordsight.vectors.word_vectors import WordVectors

OBJECTIVES = ("hinge", "contrastive")
TEXT_RATE = 0.025
"""The first learning rate of skip-gram, in pre-training and beside the contrastive loss."""


class IESG(ImageSpace):
    """Word vectors and image vectors in one space, in which images explain words and words name images.

    The paper's momentum SGD is done as plain SGD a pair with the rate that momentum and batch amount to,
    ``learning_rate`` / (1 − ``momentum``) / ``batch_size``, at the speed of a kernel; a test holds this against the
    paper's own steps.

    Args:
        dim: length of the vectors.
        window: greatest distance of a context word; each occurrence draws its own from 1 to window.
        negatives: of skip-gram; a hinge loss has one drawn word.
        subsample: threshold of the word2vec program for frequent words.
        pretraining: epochs of skip-gram before the images.
        epochs: passes over the text with the images.
        objective: ``"hinge"``, the paper's, or ``"contrastive"``.
        margin, weight: m and λ of the hinge losses.
        learning_rate, momentum, batch_size: of the hinge losses' SGD; a batch has so many pairs of words.
        temperature: of the contrastive loss: cosines are divided by it.
        noise: of the contrastive loss: standard deviation of the Gaussian noise on the transformed features.
        passes: of the contrastive loss over the images, in each epoch of the text.
        transform: chain of :mod:`wordsight.images.transforms`, fitted on the images of the lexicon's words.
        control: None, or ``"shuffled"`` or ``"random"`` image features: what images bring without sight.
        hide_words: share of the visual words that are treated as if they had no image.
        seed: of all random numbers; with ``workers=1`` a run is repeatable bit for bit.
        workers: threads of the passes over the text; None for one a core.
    """

    name = "iesg"
    title = "IESG"
    citation = (
        "Luo: Exploration on Grounded Word Embedding: Matching Words and Images with Image-Enhanced Skip-Gram Model. "
        "2018 (arXiv:1809.02765)."
    )
    inputs = ("corpus", "lexicon")

    def __init__(
        self,
        dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-4,
        pretraining: int = 5,
        epochs: int = 2,
        objective: str = "hinge",
        margin: float = 10.0,
        weight: float = 5.0,
        learning_rate: float = 0.01,
        momentum: float = 0.9,
        batch_size: int = 16,
        temperature: float = 0.07,
        noise: float = 0.03,
        passes: int = 10,
        transform: str = TRANSFORM,
        control: str | None = None,
        hide_words: float = 0.0,
        seed: int = 0,
        workers: int | None = None,
    ) -> None:
        self.dim = dim
        self.window = window
        self.negatives = negatives
        self.subsample = subsample
        self.pretraining = pretraining
        self.epochs = epochs
        self.objective = objective
        self.margin = margin
        self.weight = weight
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.batch_size = batch_size
        self.temperature = temperature
        self.noise = noise
        self.passes = passes
        self.transform = transform
        self.control = control
        self.hide_words = hide_words
        self.seed = seed
        self.workers = workers

    def fit(self, corpus: Corpus, lexicon: VisualLexicon, text: SGNS | None = None) -> Self:
        """Learns from a corpus and the images of its words.

        Args:
            corpus: the text.
            lexicon: which images show a word.
            text: a skip-gram fitted on the corpus, in place of the pre-training.

        Raises:
            DataError: no word of the corpus has an image, or the skip-gram is not of this corpus.
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        self._check()
        images = self._word_images(lexicon, corpus.vocabulary)
        settings = {name: getattr(self, name) for name in ("dim", "window", "subsample", "seed", "workers")}
        reading = settings | {"negatives": self.negatives, "learning_rate": TEXT_RATE}
        text = skipgram_of(corpus, text, epochs=self.pretraining, **reading)
        vectors = text.vectors_.matrix
        self.projection_ = np.zeros((self.dim, images.features.shape[1]), np.float32)
        self.history_, self.interrupted_ = [], text.interrupted_
        if not text.interrupted_:
            passes = (
                self._hinge(corpus, images, text, settings)
                if self.objective == "hinge"
                else self._contrastive(corpus, images, text, reading)
            )
            vectors = passes.tables.input_vectors(self.dim)
            self.history_, self.interrupted_ = passes.history, passes.interrupted
        self.vectors_ = WordVectors(corpus.vocabulary.words, vectors)
        return self

    @property
    def _intercept(self) -> bool:
        # The hinge losses would do without the images: a constant that all words like satisfies them (see above).
        return self.objective == "contrastive"

    def _check(self) -> None:
        if self.objective not in OBJECTIVES:
            raise unknown_name("objective", self.objective, OBJECTIVES, hint=f"there are: {', '.join(OBJECTIVES)}")
        for name in ("margin", "weight", "learning_rate", "temperature"):
            if not getattr(self, name) > 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be positive")
        for name in ("pretraining", "passes", "batch_size"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if not 0 <= self.momentum < 1:
            raise ParameterError(f"momentum is {self.momentum}; it must be at least 0 and less than 1")
        if not self.noise >= 0:
            raise ParameterError(f"noise is {self.noise}; it must be 0 or positive")

    def _hinge(self, corpus: Corpus, images: WordImages, text: SGNS, settings: Mapping[str, Any]) -> CorpusPasses:
        term = hinge_images(images, len(corpus.vocabulary), self.dim, self.margin, self.weight)
        passes = word2vec_passes(
            corpus,
            iesg_kernel,
            term=term,
            negatives=1,
            epochs=self.epochs,
            learning_rate=self.learning_rate / (1 - self.momentum) / self.batch_size,
            **settings,
        )
        passes.tables.inputs[:-1, : self.dim] = text.vectors_.matrix
        passes.run(self.title, between=lambda _: term.mean_losses())
        self.projection_ = np.ascontiguousarray(term.projection[:, : self.dim].T)
        return passes

    def _contrastive(self, corpus: Corpus, images: WordImages, text: SGNS, settings: Mapping[str, Any]) -> CorpusPasses:
        # Here, for it imports torch, and explaining a word does without it.
        from wordsight.models._iesg_contrastive import Contrast

        passes = word2vec_passes(corpus, skipgram_kernel, epochs=self.epochs, **settings)
        passes.tables.inputs[:-1, : self.dim] = text.vectors_.matrix
        passes.tables.outputs[:-1, : self.dim] = text.context_vectors_
        with threads(1):  # the matrices are small: more threads would wait for each other
            contrast = Contrast(
                images,
                passes.tables.inputs,
                dim=self.dim,
                temperature=self.temperature,
                noise=self.noise,
                seed=self.seed,
            )
            passes.run(self.title, segments=self.passes, between=contrast.step, changing=contrast.changing())
        self.projection_ = contrast.projection()
        return passes


def hinge_images(images: WordImages, n_words: int, dim: int, margin: float, weight: float) -> Images:
    """The images as the kernel wants them, with a projection of zeros.

    Args:
        images: of the words.
        n_words: of the vocabulary.
        dim: of the vectors.
        margin: m.
        weight: λ.
    """
    sizes = np.zeros(n_words, dtype=np.int64)
    sizes[images.ids] = np.diff(images.indptr)
    totals = np.cumsum(images.weights, dtype=np.float64)
    before = np.concatenate([[0.0], totals])[images.indptr[:-1]]
    weights = totals[images.indptr[1:] - 1] - before
    shares = (totals - before[images.word_of]) / weights[images.word_of]
    return Images(
        starts=np.concatenate([[0], np.cumsum(sizes)]),
        rows=images.rows,
        shares=shares,
        features=images.features,
        projection=aligned_zeros(images.features.shape[1], dim),
        margin=np.float32(margin),
        weight=np.float32(weight),
        tally=np.zeros(4),
    )

"""PIXIE: skip-gram whose input vector is e_w + z_w, z_w the latent of a VAE over the word's visual features.

Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts and Images.
EMNLP 2018.

=================== ================================================================================
paper               here
=================== ================================================================================
e_w + z_w, v_c      ``tables.inputs``, ``tables.outputs``
x_w                 row of ``x``: the mean features of the word's images
z_w = μ + σ ⊙ ε     ``vae.sample``, scaled by ``scale``; fixed while the kernel reads a part of the text
J                   ``samples``
k                   ``negatives``
=================== ================================================================================

The objective (equation 9) couples text and images through z alone:

    Σ_w ELBO(x_w) + Σ_(w,c) (1/J) Σ_j log σ((e_w + z_w^j) · v_c) + Σ_k log σ(−(e_w + z_w^j) · v_k)

so the kernel of skip-gram can train u = e + z and v while z is fixed: what moves u is what moves e. The way that u has
gone in a part of the text, divided by the learning rate, is the sum of ∂/∂z of the text's objective, and the VAE then
takes its steps on ELBO + ⟨∂/∂z, z⟩, whose gradient is that of the whole; u makes way for the next z. So grounding costs
the kernel nothing. (The rate falls a little within a part: early occurrences weigh a little more than late ones.)

Four things differ from the paper by default, since its own settings let a sampled z drown e: the VAE is trained on the
images first, z is scaled to a mean length of ``visual_norm``, the KL term weighs ``kl_weight``, and a word's text
gradient enters as its mean over occurrences times ``text_weight``, so that frequent words do not outweigh their
pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np

from wordsight.devices import n_workers, threads
from wordsight.errors import ParameterError, unknown_name
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords, predicted, visual_words
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.models._pixie_coupling import Coupling, CouplingSettings
from wordsight.models._settings import visual_settings
from wordsight.models.base import Model
from wordsight.models.sgns import text_settings
from wordsight.text.corpus import Corpus
from wordsight.training.word2vec_passes import word2vec_passes
from wordsight.vectors.combine import add, concat
from wordsight.vectors.word_vectors import WordVectors

COMPOSITIONS = ("concat", "sum")
TEXT_GRADIENTS = ("mean", "sum")


class PIXIE(Model):
    """Grounded vectors for all words of a corpus, some of which have images.

    Args:
        dim: length of e and z.
        window, negatives, subsample, epochs, learning_rate: of the skip-gram part, as in SGNS.
        composition: how vectors are read out. ``"sum"`` (PIXIE+): e + μ(x), and e where a word has no image; length
            ``dim``. ``"concat"`` (PIXIE⊕): that, with the context vector v added, beside z; words without images have
            the z that is predicted from their text (:func:`~wordsight.grounding.visual_words.predicted`);
            length ``2 dim``.
        visual_weight: of ``"concat"``: length of z relative to the text's part.
        context_weight: of ``"concat"``: length of v relative to e + μ(x) (Levy, Goldberg, Dagan 2015, section 3.3).
        imagination: of ``"concat"``: share of the predicted z in the second part, for words that have a z of their
            own; what a few images show of a word is noisy.
        transform: of the features: ``"of images | of words"``, see
            :func:`~wordsight.grounding.visual_words.visual_words`.
        hidden: units of the VAE's hidden layers.
        decoder: ``"linear"``, or the paper's ``"sigmoid"`` (then let the transform end in ``minmax``).
        samples: J, draws of z behind one pass of the VAE; each lasts a part of the text.
        kl_weight: of the KL term of the ELBO.
        text_weight: of the text's gradient in the VAE's steps.
        text_gradient: ``"mean"`` over a word's expected pairs, or their ``"sum"`` as in equation (9).
        visual_norm: mean length of z, relative to e's of about 2 to 3; None leaves z as the VAE has it (the paper).
        pretraining: epochs of the VAE on the images before the text.
        draws: times in each epoch of the text that z is drawn anew and the VAE takes steps. A word's vector leans
            against the noise of each draw, so that several do better than one.
        share: of the visual words, drawn at random, that the VAE then takes its steps on.
        control: None, or ``"shuffled"`` or ``"random"`` image features: what grounding gains without sight.
        hide_words: share of the visual words that are treated as if they had no image.
        seed: of all random numbers; with ``workers=1`` a run is repeatable bit for bit.
        workers: threads; None for one a core.

    Attributes:
        text_vectors_: e, float32 [n_words, dim].
        context_vectors_: v, float32 [n_words, dim].
        visual_vectors_: scaled μ(x), float32 [n_visual, dim].
        visual_ids_: int32 [n_visual], the rows of the visual words.
    """

    name = "pixie"
    title = "PIXIE"
    citation = (
        "Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts "
        "and Images. EMNLP 2018."
    )
    inputs = ("corpus", "lexicon")
    text_vectors_: np.ndarray
    context_vectors_: np.ndarray
    visual_vectors_: np.ndarray
    visual_ids_: np.ndarray

    def __init__(
        self,
        dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-4,
        epochs: int = 5,
        learning_rate: float = 0.025,
        composition: str = "concat",
        visual_weight: float = 1.25,
        context_weight: float = 0.4,
        imagination: float = 0.75,
        transform: str = "centre | svd:100:0.5 l2 scale",
        hidden: int = 500,
        decoder: str = "linear",
        samples: int = 1,
        kl_weight: float = 0.1,
        text_weight: float = 3.0,
        text_gradient: str = "mean",
        visual_norm: float | None = 2.0,
        pretraining: int = 16,
        draws: int = 5,
        share: float = 0.2,
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
        self.composition = composition
        self.visual_weight = visual_weight
        self.context_weight = context_weight
        self.imagination = imagination
        self.transform = transform
        self.hidden = hidden
        self.decoder = decoder
        self.samples = samples
        self.kl_weight = kl_weight
        self.text_weight = text_weight
        self.text_gradient = text_gradient
        self.visual_norm = visual_norm
        self.pretraining = pretraining
        self.draws = draws
        self.share = share
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
        passes = word2vec_passes(corpus, skipgram_kernel, **text_settings(self))
        settings = CouplingSettings(**{name: getattr(self, name) for name in CouplingSettings._fields})
        parts = self.draws * self.samples
        with threads(min(n_workers(self.workers), 2)):  # the VAE's matrices are small: more would wait for each other
            coupling = Coupling(settings, visual, passes.tables.inputs, self._pairs(corpus, visual.ids) / parts)
            if not coupling.interrupted:
                passes.run(self.title, segments=parts, between=coupling.step, changing={"coupling": coupling})
        coupling.withdraw()
        self.text_vectors_ = passes.tables.input_vectors(self.dim)
        self.context_vectors_ = passes.tables.output_vectors(self.dim)
        self.visual_vectors_, self.visual_ids_ = coupling.visual_vectors(), visual.ids
        self.history_ = passes.history
        self.interrupted_ = coupling.interrupted or passes.interrupted
        self.vectors_ = self.read_out(corpus.vocabulary.words)
        return self

    def _pairs(self, corpus: Corpus, ids: np.ndarray) -> np.ndarray:
        """In how many (word, context) pairs words are expected to be in a pass, float64 [n_words]."""
        vocabulary = corpus.vocabulary
        kept = vocabulary.counts * vocabulary.keep_probabilities(self.subsample)
        pairs: np.ndarray = kept[ids] * (self.window + 1)  # the size of a window is 1 to `window` on either side
        return pairs

    def _check(self) -> None:
        for name, known in (("composition", COMPOSITIONS), ("text_gradient", TEXT_GRADIENTS)):
            if getattr(self, name) not in known:
                raise unknown_name(name, getattr(self, name), known, hint=f"there are: {', '.join(known)}")
        for name in ("samples", "draws", "hidden"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if not 0 < self.share <= 1:
            raise ParameterError(f"share is {self.share}; it must be above 0 and at most 1")

    def read_out(self, words: list[str], composition: str | None = None) -> WordVectors:
        """Word vectors in the way that ``composition`` says; by default the model's own."""
        grounded = self.text_vectors_.copy()
        grounded[self.visual_ids_] += self.visual_vectors_
        if (composition or self.composition) == "sum":
            return WordVectors(words, grounded)
        contexts = WordVectors(words, self.context_vectors_)
        text = add([WordVectors(words, grounded), contexts], [1, self.context_weight])
        z = predicted(text.unit, VisualWords(self.visual_ids_, self.visual_vectors_))
        z[self.visual_ids_] = self.imagination * z[self.visual_ids_] + (1 - self.imagination) * self.visual_vectors_
        return concat([text, WordVectors(words, z)], [1, self.visual_weight])

    def _tensors(self) -> dict[str, np.ndarray]:
        return {
            "text_vectors": self.text_vectors_,
            "context_vectors": self.context_vectors_,
            "visual_vectors": self.visual_vectors_,
            "visual_ids": self.visual_ids_,
        }

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        for name, array in tensors.items():
            setattr(self, f"{name}_", array)

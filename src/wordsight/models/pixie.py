"""PIXIE: skip-gram whose input vector is e_w + z_w, z_w the latent of a VAE over the word's visual features.

Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts and Images.
EMNLP 2018.

=================== ================================================================================
paper               here
=================== ================================================================================
e_w, v_c            ``tables.inputs``, ``tables.outputs``
x_w                 row of ``x``: the mean features of the word's images
z_w = μ + σ ⊙ ε     ``vae.sample``, scaled by ``scale``; fixed while the kernel reads a part of the text
J                   ``samples``
k                   ``negatives``
=================== ================================================================================

The objective (equation 9) couples text and images through z alone:

    Σ_w ELBO(x_w) + Σ_(w,c) (1/J) Σ_j log σ((e_w + z_w^j) · v_c) + Σ_k log σ(−(e_w + z_w^j) · v_k)

so the kernel can train e and v with z fixed and sum ∂/∂z of the text's part, and the VAE then takes its steps on
ELBO + ⟨∂/∂z, z⟩, whose gradient is that of the whole. Four things differ from the paper by default, since its own
settings let a sampled z drown e: the VAE is trained on the images first, z is scaled to a mean length of
``visual_norm``, the KL term weighs ``kl_weight``, and a word's text gradient enters as its mean over occurrences
times ``text_weight``, so that frequent words do not outweigh their pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
import torch

from wordsight.errors import ParameterError, unknown_name
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.kernels.skipgram import Tables
from wordsight.models.base import Model
from wordsight.models.sgns import text_settings
from wordsight.models.vae import BATCH, VAE, train_vae
from wordsight.models.visual import VisualWords, predicted, visual_settings, visual_words
from wordsight.text.corpus import Corpus
from wordsight.training.loop import threads, update
from wordsight.training.skipgram import SkipGramTraining
from wordsight.vectors.combine import add, concat
from wordsight.vectors.word_vectors import WordVectors

COMPOSITIONS = ("concat", "sum")
TEXT_GRADIENTS = ("mean", "sum")
LEARNING_RATE = 3e-4
"""Of Adam, for the VAE while it is coupled to the text."""


class PIXIE(Model):
    """Grounded vectors for all words of a corpus, some of which have images.

    Args:
        dim: length of e and z.
        window, negatives, subsample, epochs, learning_rate: of the skip-gram part, as in SGNS.
        composition: how vectors are read out. ``"sum"`` (PIXIE+): e + μ(x), and e where a word has no image; length
            ``dim``. ``"concat"`` (PIXIE⊕): that, with the context vector v added, beside z; words without images have
            the z that is predicted from their text (:func:`~wordsight.models.visual.predicted`); length ``2 dim``.
        visual_weight: of ``"concat"``: length of z relative to the text's part.
        context_weight: of ``"concat"``: length of v relative to e + μ(x) (Levy, Goldberg, Dagan 2015, section 3.3).
        imagination: of ``"concat"``: share of the predicted z in the second part, for words that have a z of their
            own; what a few images show of a word is noisy.
        transform: of the features: ``"of images | of words"``, see :func:`~wordsight.models.visual.visual_words`.
        hidden: units of the VAE's hidden layers.
        decoder: ``"linear"``, or the paper's ``"sigmoid"`` (then let the transform end in ``minmax``).
        samples: J, draws of z behind one pass of the VAE; each lasts a part of the text.
        kl_weight: of the KL term of the ELBO.
        text_weight: of the text's gradient in the VAE's steps.
        text_gradient: ``"mean"`` over a word's occurrences, or their ``"sum"`` as in equation (9).
        visual_norm: mean length of z, relative to e's of about 2 to 3; None leaves z as the VAE has it (the paper).
        pretraining: epochs of the VAE on the images before the text.
        passes: passes of the VAE over the visual words in each epoch of the text.
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
        pretraining: int = 30,
        passes: int = 5,
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
        self.passes = passes
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
        rows = np.full(len(corpus.vocabulary), -1, dtype=np.int32)
        rows[visual.ids] = np.arange(len(visual.ids), dtype=np.int32)
        training = SkipGramTraining(corpus, **text_settings(self), offset_rows=rows)
        with threads(1):  # the VAE's matrices are small: more threads would wait for each other
            coupling = Coupling(self, visual.features, training.tables)
            if not coupling.interrupted:
                training.run(self.title, segments=self.passes * self.samples, between=coupling.step)
        self.text_vectors_, self.context_vectors_ = training.input_vectors(), training.output_vectors()
        self.visual_vectors_, self.visual_ids_ = coupling.visual_vectors(), visual.ids
        self.history_ = training.history
        self.interrupted_ = coupling.interrupted or training.interrupted
        self.vectors_ = self.read_out(corpus.vocabulary.words)
        return self

    def _check(self) -> None:
        for name, known in (("composition", COMPOSITIONS), ("text_gradient", TEXT_GRADIENTS)):
            if getattr(self, name) not in known:
                raise unknown_name(name, getattr(self, name), known, hint=f"there are: {', '.join(known)}")
        for name in ("samples", "passes", "hidden"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be at least 1")

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


class Coupling:
    """The VAE's side of PIXIE: draws z for the kernel, and learns from the gradients that come back."""

    def __init__(self, model: PIXIE, features: np.ndarray, tables: Tables) -> None:
        """Trains the VAE on the images alone and draws the first z.

        Args:
            model: the hyperparameters.
            features: x, float32 [n_visual, n_features].
            tables: the kernel's, whose offsets are set and whose offset gradients are read.
        """
        self._model = model
        self._tables = tables
        self._generator = torch.Generator().manual_seed(model.seed)
        self._x = torch.from_numpy(features)
        self.vae = VAE(features.shape[1], model.dim, model.hidden, model.decoder, self._generator)
        pretraining = train_vae(
            self.vae, self._x, epochs=model.pretraining, kl_weight=model.kl_weight, generator=self._generator
        )
        self.interrupted = pretraining.interrupted
        self._optimizer = torch.optim.Adam(self.vae.parameters(), LEARNING_RATE)
        self.scale = 1.0
        if model.visual_norm is not None:
            lengths = np.linalg.norm(self.visual_vectors().astype(np.float64), axis=1)
            self.scale = model.visual_norm / float(lengths.mean())
        self._drawn: list[tuple[torch.Tensor, torch.Tensor]] = []
        self._draw()

    def visual_vectors(self) -> np.ndarray:
        """Scaled μ(x), float32 [n_visual, dim]."""
        with torch.no_grad():
            return (self.scale * self.vae.encode(self._x)[0]).numpy()

    def _draw(self) -> None:
        """Gives the kernel a new z."""
        self._noise = torch.randn(len(self._x), self._model.dim, generator=self._generator)
        with torch.no_grad():
            z = self.scale * self.vae.sample(self._x, self._noise)[0]
        self._tables.offsets[:, : self._model.dim] = z.numpy()
        self._tables.offset_gradients[:] = 0
        self._tables.offset_updates[:] = 0

    def collect(self) -> None:
        """Keeps the kernel's gradients beside the noise behind the z that they belong to."""
        gradients = self._tables.offset_gradients[:, : self._model.dim].copy()
        if self._model.text_gradient == "mean":
            gradients /= np.maximum(self._tables.offset_updates, 1)[:, None]
        self._drawn.append((self._noise, torch.from_numpy(gradients)))

    def step(self, done: float) -> dict[str, float]:
        """Takes the kernel's gradients; after every J of them passes over the visual words; then draws a new z."""
        self.collect()
        if len(self._drawn) == self._model.samples:
            for batch in torch.randperm(len(self._x), generator=self._generator).split(BATCH):
                update(lambda words: -self.objective(words) / len(words), [self._optimizer], batch)
            self._drawn.clear()
        self._draw()
        return {}

    def objective(self, batch: torch.Tensor) -> torch.Tensor:
        """(1/J) Σ_j Σ_w ELBO(x_w) + λ ⟨∂/∂z, z⟩ over a batch of visual words: its gradient is equation (9)'s."""
        total = torch.zeros((), dtype=self._x.dtype)
        for noise, gradients in self._drawn:
            elbo, z = self.vae.elbo(self._x[batch], noise[batch], self._model.kl_weight)
            text = (gradients[batch] * self.scale * z).sum()
            total = total + elbo.sum() + self._model.text_weight * text
        return total / len(self._drawn)

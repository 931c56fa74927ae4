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

from typing import Self

import numpy as np
import torch
from torch.nn.functional import normalize

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords
from wordsight.images.transforms import Chain
from wordsight.kernels.visual_term import VisualTerm
from wordsight.losses.cosine_hinge import cosine_hinge
from wordsight.models._shared_parameters import SkipGramModel, VisualModel
from wordsight.models.parameters import hyperparameters, learned, parameter
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import SkipGramTraining, aligned_zeros
from wordsight.training.minibatches import threads, update
from wordsight.training.state import AllChanging
from wordsight.vectors.word_vectors import WordVectors

MAPPINGS = ("direct", "learnt")
SEGMENTS = 20
"""Parts of an epoch after each of which M learns."""
MAP_RATE, MAP_PENALTY, MAP_BATCH = 1e-3, 1e-4, 512
"""Of M: Adam's learning rate, the weight of its squares, and occurrences a step."""


@hyperparameters
class VSGNS(VisualModel, SkipGramModel):
    """Skip-gram with a max-margin visual objective on each occurrence of a word with images (MMSkip-gram A and B).

    Attributes:
        context_vectors_: float32 [n_words, dim], the output vectors.
        map_: M, float32 [n_features, dim]; a word's vector times it is the visual vector that the word is given.
    """

    name = "vsgns"
    title = "V-SGNS"
    citation = "Lazaridou, Pham, Baroni: Combining Language and Vision with a Multimodal Skip-gram Model. NAACL 2015."
    inputs = ("corpus", "lexicon")
    mapping: str = parameter(
        "direct",
        'how a word\'s vector meets its visual vector. "direct": in one space of ``dim`` (model A); "learnt": through '
        "a linear map that is learned with it (model B)",
        choices=MAPPINGS,
    )
    margin: float = parameter(
        0.5, "by how much more, as cosine, a word must be like its own images than like a drawn word's", at_least=0
    )
    visual_negatives: int = parameter(5, "visual words drawn for each occurrence", at_least=1)
    visual_weight: float = parameter(
        1.0, "weight of the visual objective; a learnt map gives way, so that 3 does better with it", at_least=0
    )

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
        training = SkipGramTraining(corpus, **self.text_settings(), visual=term)
        with threads(1):  # M is small: more threads would wait for each other
            if self.mapping == "direct":
                self.map_ = np.eye(self.dim, dtype=np.float32)
                training.run(self.title)
            else:
                learner = MapLearner(self, visual, term, training.tables.inputs)
                training.run(self.title, segments=SEGMENTS, between=learner.step, changing=learner.changing())
                self.map_ = learner.matrix.detach().numpy()
        self.vectors_ = WordVectors(corpus.vocabulary.words, training.input_vectors())
        self.context_vectors_ = training.output_vectors()
        self.history_, self.interrupted_ = training.history, training.interrupted
        return self

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


class MapLearner:
    """M of model B: learns between parts of the text and tells the kernel."""

    def __init__(self, model: VSGNS, visual: VisualWords, term: VisualTerm, inputs: np.ndarray) -> None:
        """Draws the first M.

        Args:
            model: the hyperparameters.
            visual: the visual words and their features.
            term: the kernel's, whose targets and Gram matrix are set and whose occurrences are read.
            inputs: u, the kernel's padded table.
        """
        self._model, self._term = model, term
        self._inputs, self._ids = inputs, visual.ids
        self._generator = torch.Generator().manual_seed(model.seed)
        self._x = normalize(torch.from_numpy(visual.features))
        self.matrix = torch.empty(self._x.shape[1], model.dim)
        torch.nn.init.xavier_uniform_(self.matrix, generator=self._generator).requires_grad_()
        self._optimizer = torch.optim.Adam([self.matrix], MAP_RATE)
        self._tell()

    def _tell(self) -> None:
        """Gives the kernel t = Mᵀ x and G = Mᵀ M, and counts occurrences anew."""
        matrix, dim = self.matrix.detach(), self._model.dim
        self._term.targets[:, :dim] = (self._x @ matrix).numpy()
        self._term.gram[:dim, :dim] = (matrix.T @ matrix).numpy()
        self._term.occurrences[:] = 0

    def changing(self) -> AllChanging:
        """All that changes, for the checkpoints."""
        return {"map": self.matrix, "optimizer": self._optimizer, "generator": self._generator}

    def step(self, done: float) -> dict[str, float]:
        """Learns from occurrences in the last part of the text, as many as there are visual words; tells the kernel."""
        counts = torch.from_numpy(self._term.occurrences).double()
        if not counts.any():
            return {}
        u = torch.from_numpy(self._inputs[self._ids, : self._model.dim])
        drawn = torch.multinomial(counts, len(counts), replacement=True, generator=self._generator)
        losses = [
            update(lambda words: self.objective(words, u).mean(), [self._optimizer], batch)
            for batch in drawn.split(MAP_BATCH)
        ]
        self._tell()
        return {"visual_loss": float(np.mean(losses))}

    def objective(self, words: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
        """−L_vision of occurrences of visual words [n], with negatives drawn anew, and the penalty; [n]."""
        shape = (len(words), self._model.visual_negatives)
        others = torch.randint(len(self._x), shape, generator=self._generator)
        loss = cosine_hinge(u[words] @ self.matrix.T, self._x[words], self._x[others], self._model.margin)
        return loss + MAP_PENALTY * self.matrix.square().sum()

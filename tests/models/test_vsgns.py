from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from wordsight.errors import DataError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords, visual_words
from wordsight.images.features import ImageFeatures
from wordsight.kernels.visual_term import VisualTerm
from wordsight.models._vsgns_map import MAP_PENALTY, MapLearner
from wordsight.models.sgns import SGNS
from wordsight.models.vsgns import VSGNS
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import Segment

DIM, N_WORDS, N_VISUAL, N_FEATURES = 16, 12, 5, 7


def corpus() -> Corpus:
    random = np.random.default_rng(0)
    return Corpus.from_documents([[f"w{i}" for i in random.integers(0, N_WORDS, 60)] for _ in range(8)], min_count=1)


def lexicon(n_features: int = N_FEATURES) -> VisualLexicon:
    random = np.random.default_rng(1)
    features = ImageFeatures(
        [f"i{i}" for i in range(20)], random.normal(size=(20, n_features)).astype(np.float32), sources=["a", "b"] * 10
    )
    return VisualLexicon.from_pairs([(f"w{i % N_VISUAL}", f"i{i}") for i in range(20)] + [("unseen", "i3")], features)


def small(**hyperparameters: Any) -> VSGNS:
    settings: dict[str, Any] = {"dim": DIM, "epochs": 5, "subsample": 0.0, "workers": 1, "transform": "centre | l2"}
    return VSGNS(**{**settings, **hyperparameters})


def features() -> VisualWords:
    return visual_words(lexicon(), corpus().vocabulary, transform="centre | l2", control=None, seed=0)


def map_learner(visual: VisualWords, term: VisualTerm, inputs: np.ndarray | None = None) -> MapLearner:
    inputs = np.zeros((N_WORDS + 1, DIM), dtype=np.float32) if inputs is None else inputs
    return MapLearner(visual.features, visual.ids, term, inputs, DIM, seed=0)


@pytest.mark.parametrize("mapping", ["direct", "learnt"])
def test_mapped_vectors_of_visual_words_come_near_their_own_features(mapping: str) -> None:
    """Against text alone, whose vectors know nothing of the features."""
    visual = features()
    model = small(mapping=mapping, visual_weight=1.0, epochs=20).fit(corpus(), lexicon())
    padded = np.zeros((N_VISUAL, model.map_.shape[0]), dtype=np.float32)
    padded[:, :N_FEATURES] = visual.features

    def margin(vectors: np.ndarray) -> float:
        z = vectors[visual.ids] @ model.map_.T
        cosines = z @ padded.T / np.linalg.norm(z, axis=1)[:, None]
        return float(np.diag(cosines).mean() - cosines[~np.eye(N_VISUAL, dtype=bool)].mean())

    text = SGNS(dim=DIM, epochs=20, subsample=0.0, workers=1).fit(corpus())
    assert margin(model.vectors_.matrix) > 0.5 > margin(text.vectors_.matrix) + 0.2
    assert model.vectors_.dim == DIM and len(model.vectors_) == N_WORDS


def test_the_kernel_is_told_the_map() -> None:
    """u · t / √(uᵀ G u) are the cosines of M u and x."""
    model, visual = small(mapping="learnt"), features()
    term = model._term(visual, N_WORDS)
    learner = map_learner(visual, term)
    u = np.random.default_rng(0).normal(size=(N_WORDS, DIM))
    z = u @ learner.matrix.detach().numpy().T
    expected = z @ visual.features.T / np.linalg.norm(z, axis=1)[:, None] / np.linalg.norm(visual.features, axis=1)
    got = u @ term.targets.T / np.sqrt(np.einsum("nd,de,ne->n", u, term.gram, u))[:, None]
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


def test_the_map_learns_from_words_as_often_as_they_occurred(monkeypatch: pytest.MonkeyPatch) -> None:
    model, visual = small(mapping="learnt", visual_negatives=3), features()
    term = model._term(visual, N_WORDS)
    inputs = np.random.default_rng(0).normal(size=(N_WORDS + 1, DIM)).astype(np.float32)
    learner = map_learner(visual, term, inputs)
    before = learner.matrix.detach().clone()
    assert learner.step(Segment(0.1, 0.02)) == {} and torch.equal(learner.matrix, before)  # no visual word occurred
    drawn: list[torch.Tensor] = []
    objective = learner.objective

    def observed(words: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
        drawn.append(words)
        return objective(words, u)

    monkeypatch.setattr(learner, "objective", observed)
    for _ in range(100):
        term.occurrences[:] = [0, 8, 0, 2, 0]
        losses = learner.step(Segment(0.1, 0.02))
    shares = torch.bincount(torch.cat(drawn), minlength=N_VISUAL) / 500
    np.testing.assert_allclose(shares, [0, 0.8, 0, 0.2, 0], atol=0.06)
    assert not term.occurrences.any() and not torch.equal(learner.matrix, before) and losses["visual_loss"] > 0


def test_the_maps_objective_is_the_papers_with_its_penalty() -> None:
    model, visual = small(mapping="learnt", visual_negatives=4, margin=0.3), features()
    u = torch.from_numpy(np.random.default_rng(0).normal(size=(N_VISUAL, DIM)).astype(np.float32))
    learner = map_learner(visual, model._term(visual, N_WORDS))
    state = learner._generator.get_state()
    got = learner.objective(torch.tensor([2, 0]), u).detach()
    others = torch.randint(N_VISUAL, (2, 4), generator=learner._generator.set_state(state))
    matrix = learner.matrix.detach().numpy().astype(np.float64)
    x = visual.features / np.linalg.norm(visual.features, axis=1)[:, None]
    for i, word in enumerate([2, 0]):
        z = matrix @ u[word].numpy()
        cosines = x @ z / np.linalg.norm(z)
        loss = sum(max(0.0, 0.3 - cosines[word] + cosines[other]) for other in others[i])
        assert got[i] == pytest.approx(loss + MAP_PENALTY * (matrix**2).sum(), rel=1e-4)


def test_longer_features_are_reduced_to_the_vectors_own_length() -> None:
    """By a singular value decomposition, of unit length after it."""
    visual = visual_words(lexicon(30), corpus().vocabulary, transform="|", control=None, seed=0)
    term = small(dim=3)._term(visual, N_WORDS)
    u, s, _ = np.linalg.svd(visual.features.astype(np.float64), full_matrices=False)
    expected = u[:, :3] * s[:3]
    expected /= np.linalg.norm(expected, axis=1)[:, None]
    np.testing.assert_allclose(term.targets @ term.targets.T, expected @ expected.T, atol=1e-5)
    assert term.targets.shape == (N_VISUAL, 16) and not term.targets[:, 3:].any() and term.gram.size == 0


@pytest.mark.parametrize("mapping", ["direct", "learnt"])
def test_one_visual_word_is_enough(mapping: str) -> None:
    model = small(mapping=mapping).fit(corpus(), lexicon().restricted(["w0"]))
    assert np.isfinite(model.vectors_.matrix).all() and np.isfinite(model.map_).all()


def test_no_word_of_the_text_has_an_image() -> None:
    with pytest.raises(DataError, match="none of these words"):
        small().fit(corpus(), lexicon().restricted(["unseen"]))

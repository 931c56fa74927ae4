from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import logsigmoid

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords, hidden_words
from wordsight.images.features import ImageFeatures
from wordsight.kernels import skipgram_reference as reference
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.sampling_reference import Xorshift
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.kernels.vector_tables import VectorTables
from wordsight.losses.elbo import gaussian_log_likelihood, kl_to_standard_normal
from wordsight.models._pixie_coupling import Coupling, CouplingSettings
from wordsight.models.pixie import PIXIE
from wordsight.text.corpus import Corpus
from wordsight.text.vocabulary import Vocabulary

DIM, N_WORDS, N_VISUAL, N_FEATURES = 16, 12, 5, 7


def corpus() -> Corpus:
    random = np.random.default_rng(0)
    return Corpus.from_documents([[f"w{i}" for i in random.integers(0, N_WORDS, 60)] for _ in range(8)], min_count=1)


def lexicon() -> VisualLexicon:
    random = np.random.default_rng(1)
    features = ImageFeatures(
        [f"i{i}" for i in range(20)], random.normal(size=(20, N_FEATURES)).astype(np.float32), sources=["a", "b"] * 10
    )
    return VisualLexicon.from_pairs([(f"w{i % N_VISUAL}", f"i{i}") for i in range(20)] + [("unseen", "i3")], features)


def small(**hyperparameters: Any) -> PIXIE:
    settings: dict[str, Any] = {
        "dim": DIM,
        "epochs": 2,
        "pretraining": 2,
        "draws": 2,
        "hidden": 8,
        "subsample": 0.0,
        "workers": 1,
    }
    return PIXIE(**{**settings, **hyperparameters})


def gradient(parameter: torch.Tensor) -> torch.Tensor:
    assert parameter.grad is not None
    return parameter.grad


@pytest.mark.parametrize("decoder", ["linear", "sigmoid"])
@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("text_gradient", ["sum", "mean"])
def test_coupling_agrees_with_one_autograd_pass_over_equation_9(decoder: str, samples: int, text_gradient: str) -> None:
    """Kernel and network apart give the gradient of the whole objective, with respect to e, v and the network."""
    torch.manual_seed(0)
    random = np.random.default_rng(2)
    ids = random.integers(0, N_WORDS, 40).astype(np.int32)
    offsets = np.array([0, 15, 40])
    vocabulary = Vocabulary([f"w{i}" for i in range(N_WORDS)], np.bincount(ids, minlength=N_WORDS) + 1)
    sampling = Sampling(np.full(N_WORDS, 2**32 - 1, dtype=np.uint32), *vocabulary.alias_table())
    visual = VisualWords(np.array([1, 3, 4, 8, 9]), random.random((N_VISUAL, N_FEATURES)).astype(np.float32))
    model = small(decoder=decoder, samples=samples, kl_weight=0.7, text_weight=1.3, text_gradient=text_gradient)
    tables = VectorTables(random.normal(size=(N_WORDS + 1, DIM)), random.normal(size=(N_WORDS + 1, DIM)))
    before = (tables.inputs.copy(), tables.outputs.copy())
    pairs = random.uniform(5, 9, N_VISUAL)
    settings = CouplingSettings(**{name: getattr(model, name) for name in CouplingSettings._fields})
    coupling = Coupling(settings, visual, tables.inputs, pairs)
    coupling.vae.double()
    coupling._x = coupling._x.double()

    # Apart: the kernel at a learning rate so small that nothing moves, then the network's surrogate.
    rate = 1e-9
    noises = [torch.randn(N_VISUAL, DIM, dtype=torch.float64) for _ in range(samples)]
    for j, noise in enumerate(noises):
        coupling._noise = noise
        with torch.no_grad():
            coupling._replace((coupling.scale * coupling.vae.sample(coupling._x, noise)[0]).numpy())
        skipgram_kernel(DIM)(ids, offsets, 0, 40, tables, sampling, 3, 4, (rate, rate), np.uint64(5 + j))
        coupling.collect(rate)
    coupling.withdraw()
    coupling.vae.zero_grad()
    coupling.objective(torch.arange(N_VISUAL)).backward()
    apart = {name: gradient(p).clone() for name, p in coupling.vae.named_parameters()}

    # Together: every window's log likelihood and the ELBO as one autograd graph.
    vae = coupling.vae
    vae.zero_grad()
    e, v = (torch.from_numpy(table).requires_grad_() for table in before)
    network = torch.zeros((), dtype=torch.float64)
    text_alone = torch.zeros((), dtype=torch.float64)
    for j, noise in enumerate(noises):
        mean, log_variance = vae.encode(coupling._x)
        z = mean + torch.exp(log_variance / 2) * noise
        likelihood = gaussian_log_likelihood(coupling._x, vae.decode(z), vae.log_variance)
        network = network + (likelihood - 0.7 * kl_to_standard_normal(mean, log_variance)).sum()
        for contexts, words, weights, n_centres, _ in reference.blocks(
            ids, offsets, 0, 40, sampling, 3, 4, Xorshift(5 + j)
        ):
            signs = torch.tensor([1.0] * n_centres + [-1.0] * (len(words) - n_centres), dtype=torch.float64)
            for context, counted in zip(contexts, torch.from_numpy(weights), strict=True):
                row = list(visual.ids).index(context) if context in visual.ids else None
                u = e[context] + (coupling.scale * z[row] if row is not None else 0)
                value = (counted * logsigmoid(signs * (v[words] @ u))).sum()
                text_alone = text_alone + value
                if row is not None:
                    network = network + 1.3 * value / (pairs[row] if text_gradient == "mean" else 1)
    (network / samples).backward(retain_graph=True)
    for name, parameter in vae.named_parameters():
        error = (gradient(parameter) - apart[name]).norm() / gradient(parameter).norm()
        assert error < 1e-4, name
    e.grad = v.grad = None
    text_alone.backward()
    for table, old, vectors in ((tables.inputs, before[0], e), (tables.outputs, before[1], v)):
        learnt = (table - old) / rate
        assert np.linalg.norm(learnt - gradient(vectors).numpy()) < 1e-4 * np.linalg.norm(learnt)


@pytest.mark.parametrize("subsample", [0.0, 0.05])
def test_expected_pairs_are_those_of_the_kernel(subsample: float) -> None:
    """Over many draws a word's pairs come to what the mean over its occurrences is taken by."""
    texts = Corpus.from_documents([[f"w{i}" for i in np.random.default_rng(3).zipf(1.5, 4000) % 30]], min_count=1)
    keep = (texts.vocabulary.keep_probabilities(subsample) * (2**32 - 1)).astype(np.uint32)
    sampling = Sampling(keep, *texts.vocabulary.alias_table())
    counted = np.zeros(30)
    for seed in range(1, 21):
        given = (texts.ids, texts.offsets, 0, len(texts), sampling, 5, 5, Xorshift(seed * 7919))
        for block in reference.blocks(*given):
            np.add.at(counted, block.contexts, block.weights[:, : block.n_centres].sum(axis=1))
    expected = small(subsample=subsample, window=5)._pairs(texts, np.arange(30))
    frequent = expected > 100
    assert frequent.sum() > 5
    np.testing.assert_allclose(counted[frequent] / 20, expected[frequent], rtol=0.06)


def test_sum_is_text_plus_visual_vector() -> None:
    model = small(composition="sum").fit(corpus(), lexicon())
    summed = model.text_vectors_.copy()
    for row, vector in zip(model.visual_ids_, model.visual_vectors_, strict=True):
        summed[row] += vector
    np.testing.assert_allclose(model.vectors_.matrix, summed, rtol=1e-6)
    lengths = np.linalg.norm(model.visual_vectors_, axis=1)
    assert 1 < lengths.mean() < 4


def test_concat_puts_every_words_z_beside_its_text() -> None:
    """Against the definition, written out in float64."""
    model = small(visual_weight=0.5, context_weight=0.3, imagination=0.2).fit(corpus(), lexicon())
    e, v, mu = (a.astype(float) for a in (model.text_vectors_, model.context_vectors_, model.visual_vectors_))
    own = {int(row): mu[i] for i, row in enumerate(model.visual_ids_)}

    def unit(x: np.ndarray) -> np.ndarray:
        rows: np.ndarray = x / np.linalg.norm(x, axis=-1, keepdims=True)
        return rows

    def text(row: int, z: np.ndarray) -> np.ndarray:
        return unit(unit(e[row] + z) + 0.3 * unit(v[row]))

    known = np.array([text(row, z) for row, z in own.items()])
    ridge = np.linalg.solve(known.T @ known + 20 * np.eye(DIM), known.T @ mu)
    for row in range(N_WORDS):
        beside = text(row, own.get(row, np.zeros(DIM)))
        predicted = beside @ ridge
        z = 0.2 * predicted + 0.8 * own[row] if row in own else predicted
        expected = np.concatenate([beside, 0.5 * unit(z)])
        np.testing.assert_allclose(model.vectors_.matrix[row], expected, atol=2e-5)


def test_hidden_words_have_no_z_of_their_own() -> None:
    model = small(hide_words=0.5).fit(corpus(), lexicon())
    hidden = hidden_words(lexicon(), model.vectors_.words, 0.5, 0)
    seen = {model.vectors_.words[row] for row in model.visual_ids_}
    assert seen == set(lexicon().words) & set(model.vectors_.words) - set(hidden) and hidden


def test_controls_change_what_is_seen_but_not_the_words() -> None:
    real = small().fit(corpus(), lexicon())
    shuffled = small(control="shuffled").fit(corpus(), lexicon())
    np.testing.assert_array_equal(real.visual_ids_, shuffled.visual_ids_)
    assert not np.allclose(real.visual_vectors_, shuffled.visual_vectors_)


def test_the_papers_own_settings_fit() -> None:
    paper = dict(pretraining=0, visual_norm=None, kl_weight=1.0, text_weight=1.0, text_gradient="sum", samples=2)  # noqa: C408
    model = small(**paper, decoder="sigmoid", transform="centre | minmax", composition="sum").fit(corpus(), lexicon())
    assert np.isfinite(model.vectors_.matrix).all() and len(model.history_) == 2


def test_one_visual_word_is_enough() -> None:
    one = lexicon().restricted(["w0"])
    assert np.isfinite(small().fit(corpus(), one).vectors_.matrix).all()


def test_ctrl_c_while_the_vae_learns_ends_the_run_and_leaves_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wordsight.modules.vae.VAE.elbo", interrupted)
    model = small().fit(corpus(), lexicon())
    assert model.interrupted_ and model.history_ == [] and len(model.vectors_) == N_WORDS

"""IESG's kernel against autograd on the paper's equations, and against the paper's own steps (momentum, batches)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wordsight.kernels import iesg_reference as reference
from wordsight.kernels.iesg import Images, iesg_kernel
from wordsight.kernels.products import OUTPUTS, padded
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.vector_tables import VectorTables
from wordsight.models._image_space import WordImages
from wordsight.models.iesg import hinge_images
from wordsight.text.corpus import Corpus
from wordsight.text.vocabulary import Vocabulary
from wordsight.training.corpus_passes import Segment
from wordsight.training.word2vec_passes import word2vec_passes

DIM, N_WORDS, N_FEATURES = 16, 12, 5
RATE, MOMENTUM, BATCH = 0.003, 0.9, 16
ALWAYS = 2**32 - 1


def problem(seed: int) -> tuple[np.ndarray, np.ndarray, VectorTables, Sampling, Images]:
    """Documents over words of which every second has one image; the last word is the only one ever drawn."""
    random = np.random.default_rng(seed)
    ids = random.integers(0, N_WORDS - 1, 300).astype(np.int32)
    offsets = np.array([0, 1, 7, 150, 300], dtype=np.int64)
    words = random.normal(size=(N_WORDS + 1, DIM))
    tables = VectorTables(words, words.copy())
    sampling = Sampling(
        np.full(N_WORDS, ALWAYS, np.uint32), np.zeros(N_WORDS, np.uint32), np.full(N_WORDS, N_WORDS - 1, np.int32)
    )
    has_image = np.arange(N_WORDS) % 2 == 0
    rows = random.permutation(has_image.sum())
    images = Images(
        starts=np.concatenate([[0], np.cumsum(has_image)]),
        rows=rows,
        shares=np.ones(len(rows)),
        features=random.normal(size=(len(rows), N_FEATURES)),
        projection=np.pad(random.normal(size=(DIM, N_FEATURES)), ((0, padded(DIM, OUTPUTS) - DIM), (0, 0))),
        margin=np.float64(3.0),
        weight=np.float64(2.0),
        central_word=True,
        tally=np.zeros(4),
    )
    return ids, offsets, tables, sampling, images


@settings(max_examples=15)
@given(
    seed=st.integers(1, 2**60),
    window=st.integers(1, 4),
    negatives=st.integers(1, 3),
    central_word=st.booleans(),
    bounds=st.tuples(st.integers(0, 299), st.integers(1, 300)).filter(lambda b: b[0] < b[1]),
)
def test_kernel_updates_like_the_reference(
    seed: int, window: int, negatives: int, central_word: bool, bounds: tuple[int, int]
) -> None:
    """With several images a word, words that are left out at random, and any word drawn."""
    ids, offsets, tables, sampling, images = problem(seed)
    random = np.random.default_rng(seed)
    vocabulary = Vocabulary([f"w{i}" for i in range(N_WORDS)], np.bincount(ids, minlength=N_WORDS) + 1)
    sampling = Sampling.word2vec(vocabulary, 0.05)
    sizes = random.integers(0, 4, N_WORDS)
    images = images._replace(
        starts=np.concatenate([[0], np.cumsum(sizes)]),
        rows=random.integers(0, len(images.features), sizes.sum()),
        shares=np.concatenate([np.arange(1, n + 1) / n for n in sizes]),
        central_word=central_word,
    )
    expected = VectorTables(*(table.copy() for table in tables))
    learned = images._replace(projection=images.projection.copy(), tally=images.tally.copy())
    start, stop = bounds
    arguments = (sampling, window, negatives, (0.02, 0.005), np.uint64(seed))
    loss = iesg_kernel(DIM)(ids, offsets, start, stop, tables, *arguments, images)
    wanted = reference.train(ids, offsets, start, stop, expected, *arguments, learned)
    np.testing.assert_allclose(tables.inputs, expected.inputs, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(images.projection, learned.projection, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(images.tally, learned.tally, rtol=1e-6)
    np.testing.assert_allclose(loss, wanted, rtol=1e-6)


def paper_losses(
    ids: np.ndarray, offsets: np.ndarray, images: Images, words: torch.Tensor, projection: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The losses of all pairs in windows of one word on each side (equations 1 and 2), written out."""
    of_words, of_images = [], []
    wrong = words[N_WORDS - 1]
    for first, last in pairwise(offsets):
        for i in range(first, last):
            around = [int(ids[c]) for c in (i - 1, i + 1) if first <= c < last]
            word = int(ids[i])
            for right in around:
                if word != right:
                    energies = words[word] @ words[right], words[word] @ wrong
                    of_words.append(torch.relu(3.0 - 2.0 * energies[0] + energies[1]))
            if images.starts[word + 1] > images.starts[word]:
                seen = projection @ torch.tensor(images.features[images.rows[images.starts[word]]])
                for right in around + [word] * images.central_word:
                    of_images.append(torch.relu(3.0 - 2.0 * (seen @ words[right]) + seen @ wrong))
    return torch.stack(of_words), torch.stack(of_images)


@pytest.mark.parametrize("central_word", [True, False])
def test_a_pass_follows_the_gradient_of_both_equations(central_word: bool) -> None:
    """With a tiny rate, what changes is −rate · gradient of the summed losses, and the tally is these losses."""
    ids, offsets, tables, sampling, images = problem(0)
    images = images._replace(central_word=central_word)
    words = torch.tensor(tables.inputs, requires_grad=True)
    projection = torch.tensor(images.projection[:DIM], requires_grad=True)
    of_words, of_images = paper_losses(ids, offsets, images, words, projection)
    (of_words.sum() + of_images.sum()).backward()
    assert words.grad is not None and projection.grad is not None
    before, rate = (tables.inputs.copy(), images.projection.copy()), 1e-9
    loss, pairs = iesg_kernel(DIM)(
        ids, offsets, 0, len(ids), tables, sampling, 1, 1, (rate, rate), np.uint64(5), images
    )
    np.testing.assert_allclose((tables.inputs - before[0]) / rate, -words.grad.numpy(), rtol=1e-4, atol=1e-4)
    moved = (images.projection - before[1]) / rate
    np.testing.assert_allclose(moved[:DIM], -projection.grad.numpy(), rtol=1e-4, atol=1e-4)
    assert not moved[DIM:].any()
    expected = [of_words.sum().item(), len(of_words), of_images.sum().item(), len(of_images)]
    np.testing.assert_allclose(images.tally, expected, rtol=1e-6)
    assert loss == pytest.approx(expected[0] + expected[2]) and pairs == expected[1] + expected[3]


def test_steps_are_finite_differences_of_the_reported_loss() -> None:
    """What a tiny step changes in a word or in W is −rate · the slope of the loss that a pass without steps reports."""
    ids, offsets, tables, sampling, images = problem(2)
    kernel, rate, nudge = iesg_kernel(DIM), 1e-9, 1e-5

    def total(array: np.ndarray, index: tuple[int, int], change: float) -> float:
        value = array[index]
        array[index] = value + change
        loss, _ = kernel(ids, offsets, 0, len(ids), tables, sampling, 3, 2, (0.0, 0.0), np.uint64(9), images)
        array[index] = value
        return float(loss)

    random = np.random.default_rng(0)
    for array, n_rows, n_columns in ((tables.inputs, N_WORDS, DIM), (images.projection, DIM, N_FEATURES)):
        chosen = [(int(random.integers(n_rows)), int(random.integers(n_columns))) for _ in range(12)]
        slopes = [(total(array, i, nudge) - total(array, i, -nudge)) / (2 * nudge) for i in chosen]
        before = tables.inputs.copy(), images.projection.copy()
        values = [array[i] for i in chosen]
        kernel(ids, offsets, 0, len(ids), tables, sampling, 3, 2, (rate, rate), np.uint64(9), images)
        steps = [(array[i] - value) / rate for i, value in zip(chosen, values, strict=True)]
        tables.inputs[:], images.projection[:] = before
        assert max(map(abs, slopes)) > 1
        np.testing.assert_allclose(steps, np.negative(slopes), rtol=1e-3, atol=1e-3)


def test_pairs_with_a_margin_to_spare_change_nothing() -> None:
    ids, offsets, tables, sampling, images = problem(1)
    tables.inputs[:] = 1.0  # E is DIM for every pair: λE − E > m
    images.projection[:] = 0.0
    before = tables.inputs.copy()
    images = images._replace(starts=np.zeros(N_WORDS + 1, np.int64))
    loss, pairs = iesg_kernel(DIM)(ids, offsets, 0, len(ids), tables, sampling, 3, 1, (0.1, 0.1), np.uint64(5), images)
    assert loss == 0 and pairs > 0
    np.testing.assert_array_equal(tables.inputs, before)


def test_images_are_drawn_by_their_weights() -> None:
    """With margins that are never met, each image moves W by how often it was drawn.

    The image predicts the word beside its own, and its own.
    """
    images = WordImages(
        ids=np.array([1]),
        indptr=np.array([0, 3]),
        rows=np.array([2, 0, 1]),
        weights=np.array([1, 2, 5], np.float32),
        features=np.eye(3, dtype=np.float32),
    )
    term = hinge_images(images, 3, DIM, margin=1e6, weight=1.0, central_word=True)
    np.testing.assert_allclose(term.shares, [1 / 8, 3 / 8, 1])
    assert term.starts.tolist() == [0, 0, 3, 3]
    words = np.zeros((4, DIM), np.float32)
    words[0] = 1  # the context; word 2, which is drawn, stays 0 to first order
    tables = VectorTables(words, words.copy())
    sampling = Sampling(np.full(3, ALWAYS, np.uint32), np.zeros(3, np.uint32), np.full(3, 2, np.int32))
    ids = np.tile(np.array([0, 1], np.int32), 8000)
    offsets = np.arange(0, len(ids) + 1, 2)
    iesg_kernel(DIM)(ids, offsets, 0, len(ids), tables, sampling, 1, 1, (1e-9, 1e-9), np.uint64(7), term)
    moved = term.projection[0] / term.projection[0].sum()
    np.testing.assert_allclose(moved, [2 / 8, 5 / 8, 1 / 8], atol=0.02)


class Pair(NamedTuple):
    """w_i, w_c, w'_c and an image of w_i, or -1."""

    word: int
    right: int
    wrong: int
    image: int


def literal_pairs(
    corpus: Corpus, images: WordImages, window: int, central_word: bool, random: np.random.Generator
) -> Iterator[Pair]:
    """The pairs of one pass over the text, in order; an image predicts its own word last."""
    share = corpus.vocabulary.counts**0.75 / (corpus.vocabulary.counts**0.75).sum()
    spans = dict(zip(images.ids.tolist(), pairwise(images.indptr), strict=True))
    for first, last in pairwise(corpus.offsets):
        text = corpus.ids[first:last].tolist()
        for i, word in enumerate(text):
            reach = int(random.integers(1, window + 1))
            image = int(images.rows[random.integers(*spans[word])]) if word in spans else -1
            for right in (
                text[max(0, i - reach) : i] + text[i + 1 : i + reach + 1] + [word] * (central_word and image >= 0)
            ):
                wrong = int(random.choice(len(share), p=share))
                if wrong not in (word, right):
                    yield Pair(word, right, wrong, image)


def literal_curve(
    corpus: Corpus,
    images: WordImages,
    start: np.ndarray,
    *,
    margin: float,
    weight: float,
    central_word: bool,
    window: int,
    parts: int,
) -> np.ndarray:
    """The paper's training: the two equations in turn, momentum 0.9, batches of 16 pairs.

    The rate is a third of the paper's, so that what momentum delays is small beside the whole.

    Returns:
        Mean losses of both equations in each part of the pass, [parts, 2].
    """
    words = torch.tensor(start, requires_grad=True)
    projection = torch.zeros(start.shape[1], images.features.shape[1], requires_grad=True)
    features = torch.from_numpy(images.features)
    optimizer = torch.optim.SGD([words, projection], lr=RATE, momentum=MOMENTUM)
    pairs = list(literal_pairs(corpus, images, window, central_word, np.random.default_rng(1)))
    sums = np.zeros((parts, 2, 2))
    for first in range(0, len(pairs), BATCH):
        batch = pairs[first : first + BATCH]
        optimizer.param_groups[0]["lr"] = RATE * (1 - first / len(pairs))
        seen = [pair for pair in batch if pair.image >= 0]
        spoken = [pair for pair in batch if pair.word != pair.right]
        for equation, chosen in enumerate((spoken, seen)):
            if not chosen:
                continue
            columns = [torch.tensor(column) for column in zip(*chosen, strict=True)]
            anchors = features[columns[3]] @ projection.T if equation else words[columns[0]]
            right, wrong = ((anchors * words[column]).sum(dim=1) for column in columns[1:3])
            losses = torch.relu(margin - weight * right + wrong)
            optimizer.zero_grad()
            (losses.sum() / BATCH).backward()
            optimizer.step()
            sums[first * parts // len(pairs), equation] += losses.sum().item(), len(chosen)
    return sums[:, :, 0] / sums[:, :, 1]


def test_the_kernel_reaches_the_loss_curve_of_the_paper_s_own_steps() -> None:
    random = np.random.default_rng(0)
    topics = [[f"t{topic}w{i}" for i in range(8)] for topic in range(4)]
    texts = [random.choice(topics[i % 4], 12).tolist() for i in range(700)]
    corpus = Corpus.from_documents(texts)
    prototypes = random.normal(size=(4, 6))
    ids = np.array([i for i, word in enumerate(corpus.vocabulary.words) if word[-1] in "01234"])
    of_topic = [int(corpus.vocabulary.words[i][1]) for i in ids]
    features = np.repeat(prototypes[of_topic], 3, axis=0) + random.normal(size=(3 * len(ids), 6))
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    images = WordImages(
        ids, np.arange(len(ids) + 1) * 3, np.arange(3 * len(ids)), np.ones(3 * len(ids)), features.astype(np.float32)
    )
    start = (0.3 * random.normal(size=(len(corpus.vocabulary), DIM))).astype(np.float32)
    losses: dict[str, Any] = {"margin": 2.0, "weight": 1.5, "central_word": True}
    parts = 6
    expected = literal_curve(corpus, images, start, window=3, parts=parts, **losses)
    term = hinge_images(images, len(corpus.vocabulary), DIM, **losses)
    passes = word2vec_passes(
        corpus,
        iesg_kernel,
        term=term,
        dim=DIM,
        window=3,
        negatives=1,
        subsample=0,
        epochs=1,
        learning_rate=RATE / (1 - MOMENTUM) / BATCH,
        seed=3,
        workers=1,
    )
    passes.tables.inputs[:-1, :DIM] = start
    curve: list[tuple[float, float]] = []

    def between(_: Segment) -> dict[str, float]:
        losses = term.mean_losses()
        curve.append((losses["word_loss"], losses["image_loss"]))
        return losses

    passes.run("test", segments=parts, between=between)
    assert expected[0, 1] > 1.5 * expected[-1, 1] and expected[0, 0] > 1.5 * expected[-1, 0]
    np.testing.assert_allclose(curve, expected, rtol=0.12)

"""The retrieval task: its network against formulas written out, its training in a small made-up world."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import wordsight as ws
from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.evaluation.metrics.recall import recall_sum
from wordsight.evaluation.tasks import retrieval_training
from wordsight.evaluation.tasks.retrieval_network import RetrievalNetwork, Texts, texts_of
from wordsight.evaluation.tasks.retrieval_settings import RetrievalSettings
from wordsight.evaluation.tasks.retrieval_training import Retriever
from wordsight.grounding.caption_splits import CaptionSplits
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures
from wordsight.losses.triplet import triplet_in_batch
from wordsight.training.checkpoint import checkpointing
from wordsight.vectors.word_vectors import WordVectors

COLOURS, THINGS = ["red", "green", "blue", "white", "black"], ["cat", "dog", "bus", "tree", "cup", "hat"]
WORDS = [*COLOURS, *THINGS, "a", "small"]
SMALL = RetrievalSettings(hidden=24, epochs=12, learning_rate=5e-3, batch_size=16, transform="centre l2", workers=1)


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return WordVectors(WORDS, np.random.default_rng(0).normal(size=(len(WORDS), 9)))


@pytest.fixture(scope="module")
def splits() -> CaptionSplits:
    """An image of a coloured thing is the sum of what colour and thing look like; two captions each."""
    random = np.random.default_rng(1)
    looks = {word: random.normal(size=12) for word in [*COLOURS, *THINGS]}
    shown = [(c, t) for c in COLOURS for t in THINGS for _ in range(4)]
    matrix = np.stack([looks[c] + looks[t] for c, t in shown]) + 0.1 * random.normal(size=(len(shown), 12))
    features = ImageFeatures([str(i) for i in range(len(shown))], matrix)
    texts = [text for c, t in shown for text in (f"A {c} {t}.", f"a small {c} {t}, xyzzy")]
    part_of = dict(
        zip(range(30), random.permutation(["training"] * 20 + ["validation"] * 5 + ["test"] * 5), strict=True)
    )
    rows = np.repeat(np.arange(len(shown)), 2)
    return CaptionSplits.from_parts(ImageCaptions(texts, rows, features), [part_of[row // 4] for row in rows.tolist()])


def gru_by_hand(network: RetrievalNetwork, inputs: np.ndarray) -> np.ndarray:
    """Cho et al. 2014, in the order that torch keeps its weights: reset, update, new."""
    w_in, w_state, b_in, b_state = (p.detach().numpy().astype(np.float64) for p in network.gru.parameters())
    state = np.zeros(network.gru.hidden_size)
    for x in inputs:
        of_x, of_state = np.split(w_in @ x + b_in, 3), np.split(w_state @ state + b_state, 3)
        reset, update = (1 / (1 + np.exp(-(of_x[i] + of_state[i]))) for i in (0, 1))
        new = np.tanh(of_x[2] + reset * of_state[2])
        state = (1 - update) * new + update * state
    return state / np.linalg.norm(state)


@pytest.fixture(scope="module")
def network(vectors: WordVectors) -> RetrievalNetwork:
    made = RetrievalNetwork(vectors.matrix, 12, 7, torch.Generator().manual_seed(0))
    with torch.no_grad():
        made.unknown.copy_(torch.linspace(-1, 1, 9))
    return made


def test_a_caption_is_the_last_state_of_the_gru(network: RetrievalNetwork, vectors: WordVectors) -> None:
    features = ImageFeatures(["x"], np.ones((1, 2)))
    said = ["a cat", "dog", "the small Blue bus, a tree", "?!", "red cup", "xyzzy"]
    texts, unknown = texts_of(ImageCaptions(said, np.zeros(6), features), vectors)
    assert unknown == ["the", "", "xyzzy"] and texts.lengths.tolist() == [2, 1, 6, 1, 2, 1]
    lookup = {word: vectors[word].astype(np.float64) for word in WORDS}
    none = network.unknown.detach().numpy().astype(np.float64)
    words = [["a", "cat"], ["dog"], ["the", "small", "blue", "bus", "a", "tree"], [""], ["red", "cup"], ["xyzzy"]]
    for which in ([2, 0, 5, 3], [1], list(range(6)), [4, 4]):
        found = network.captions(texts, np.array(which)).detach().numpy()
        expected = [gru_by_hand(network, np.stack([lookup.get(w, none) for w in words[i]])) for i in which]
        np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_allclose(network.encode_captions(texts)[4], found[0], atol=1e-6)


def test_no_step_is_made_over_padding() -> None:
    texts = Texts(np.arange(10), np.array([0, 3, 4, 10]))
    rows, running, order = texts.packed(np.array([0, 1, 2]))
    assert len(rows) == running.sum() == 10 and running.tolist() == [3, 2, 2, 1, 1, 1] and order.tolist() == [2, 0, 1]
    assert rows.tolist() == [4, 0, 3, 5, 1, 6, 2, 7, 8, 9]


def test_languages_are_tags_where_the_vectors_have_them() -> None:
    features = ImageFeatures(["x"], np.ones((1, 2)))
    captions = ImageCaptions(["Cat", "Katze"], np.zeros(2), features, languages=["en", "de"])
    tagged = WordVectors(["en:cat", "de:katze"], np.eye(2))
    assert texts_of(captions, tagged)[0].words.tolist() == [0, 1]
    assert texts_of(captions, WordVectors(["katze", "cat"], np.eye(2)))[0].words.tolist() == [1, 0]


def test_it_learns_what_the_words_look_like(vectors: WordVectors, splits: CaptionSplits) -> None:
    before = vectors.matrix.copy()
    results = ws.evaluate(vectors, "retrieval", captions=splits, settings=SMALL)
    assert [result.dataset for result in results] == ["caption-to-image", "image-to-caption"]
    for result in results:
        assert result.task == "retrieval" and result.coverage == 1
        assert result.details["recall"][1] > 0.6 > 2 * result.details["chance"][1]
        assert result.details["recall"][1] <= result.details["recall"][5] <= result.details["recall"][10]
        low, high = result.details["intervals"][5]
        assert low <= result.details["recall"][5] <= high and result.interval == result.details["intervals"][1]
        assert result.details["unknown_words"] == 20 and result.details["words"] == 20 * (3 + 5)
    assert [result.n for result in results] == [40, 20]
    np.testing.assert_array_equal(vectors.matrix, before)


def test_the_unknown_words_share_a_vector_that_is_trained(vectors: WordVectors, splits: CaptionSplits) -> None:
    retriever = Retriever(vectors, splits, dataclasses.replace(SMALL, epochs=1))
    assert not retriever.network.unknown.any()
    kept = retriever.network.words.clone()
    retriever.fit()
    assert retriever.network.unknown.abs().min() > 0 and torch.equal(retriever.network.words, kept)


def test_runs_are_repeatable_and_leave_the_global_generator_alone(vectors: WordVectors, splits: CaptionSplits) -> None:
    settings = dataclasses.replace(SMALL, epochs=2, negatives="hardest")
    state = torch.get_rng_state()
    first, again, other = (Retriever(vectors, splits, dataclasses.replace(settings, seed=s)).fit() for s in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), state)
    one, two, three = (retriever.encode(splits.test).captions for retriever in (first, again, other))
    np.testing.assert_array_equal(one, two)
    assert np.abs(one - three).max() > 0.01


def test_it_stops_when_validation_falls_and_keeps_the_best(vectors: WordVectors, splits: CaptionSplits) -> None:
    # So high a rate ruins what was learned.
    settings = dataclasses.replace(SMALL, learning_rate=0.5, patience=2, epochs=30)
    retriever = Retriever(vectors, splits, settings).fit()
    recalls = [row["validation"] for row in retriever.history]
    assert len(recalls) == retriever.best_epoch + 2 < 30
    assert recalls[retriever.best_epoch - 1] == max(recalls) and max(recalls[retriever.best_epoch :]) <= max(recalls)
    assert recall_sum(retriever.encode(splits.validation).ranks) == pytest.approx(max(recalls))


def test_a_run_that_was_killed_goes_on_and_ends_the_same(
    vectors: WordVectors, splits: CaptionSplits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # At so high a rate the best epoch comes early: before the kill, so that it has to be in the checkpoint.
    settings = dataclasses.replace(SMALL, learning_rate=0.3, epochs=8, patience=20)
    whole = Retriever(vectors, splits, settings).fit()
    loss, calls = triplet_in_batch, [0]

    def killed(*given: Any, **options: Any) -> torch.Tensor:
        calls[0] += 1
        if calls[0] == 75:  # of 10 steps an epoch
            raise MemoryError
        return loss(*given, **options)

    monkeypatch.setattr(retrieval_training, "triplet_in_batch", killed)
    with pytest.raises(MemoryError), checkpointing(tmp_path / "partial", {}, minutes=0):
        Retriever(vectors, splits, settings).fit()
    with checkpointing(tmp_path / "partial", {}, minutes=0):
        rest = Retriever(vectors, splits, settings).fit()
    assert calls[0] < 75 + 10 and rest.best_epoch == whole.best_epoch < 7
    validation = [[row["validation"] for row in retriever.history] for retriever in (whole, rest)]
    assert validation[0] == validation[1] and len(validation[0]) == 8
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(rest.network.state_dict()[name], tensor)


def test_batches_have_captions_of_like_length(vectors: WordVectors, splits: CaptionSplits) -> None:
    retriever = Retriever(vectors, splits, SMALL)
    texts, _ = texts_of(splits.training, vectors)
    n = len(splits.training)
    order = retriever._by_length(texts)(torch.randperm(n, generator=torch.Generator().manual_seed(0)))
    assert sorted(order.tolist()) == list(range(n))
    batches = order.split(SMALL.batch_size)
    assert sum(len(set(texts.lengths[batch.numpy()])) > 1 for batch in batches) <= 1


def test_vectors_of_any_length_are_scaled_alike(vectors: WordVectors, splits: CaptionSplits) -> None:
    long = WordVectors(WORDS, vectors.matrix * 1024)
    networks = [Retriever(v, splits, SMALL).network.words for v in (vectors, long)]
    torch.testing.assert_close(*networks)
    assert networks[0].norm(dim=1).mean().item() == pytest.approx(10, rel=1e-5)
    kept = Retriever(long, splits, dataclasses.replace(SMALL, word_norm=None)).network.words
    assert kept.norm(dim=1).mean().item() > 1000


def test_a_file_of_glove_will_do(tmp_path: Path, vectors: WordVectors, splits: CaptionSplits) -> None:
    path = tmp_path / "glove.txt"
    path.write_text("".join(f"{w} {' '.join(f'{x:.6f}' for x in vectors[w])}\n" for w in WORDS))
    result = ws.evaluate(
        WordVectors.load(path), "retrieval", captions=splits, settings=dataclasses.replace(SMALL, epochs=1)
    )
    assert result[0].details["unknown_words"] == 20


def test_refuses_nonsense(vectors: WordVectors, splits: CaptionSplits) -> None:
    with pytest.raises(ParameterError, match="hidden is 0; it must be a whole number, at least 1"):
        RetrievalSettings(hidden=0)
    for value in (-1, float("nan"), "wide"):
        with pytest.raises(ParameterError, match=f"margin is {value!r}; it must be a positive number"):
            RetrievalSettings(margin=value)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="unknown setting of retrieval 'hiden'; did you mean 'hidden'"):
        ws.evaluate(vectors, "retrieval", captions=splits, settings={"hiden": 8})
    with pytest.raises(ParameterError, match=r"needs the features of the images that captions\.json describes"):
        ws.evaluate(vectors, "retrieval", captions="captions.json")
    with pytest.raises(UnknownNameError, match="unknown kind of negatives 'hard'; did you mean 'hardest'"):
        RetrievalSettings(negatives="hard")
    with pytest.raises(DataError, match="no word of the captions has a vector"):
        Retriever(WordVectors(["one", "two"], np.eye(2)), splits, SMALL)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_learns_the_same(vectors: WordVectors, splits: CaptionSplits) -> None:
    settings = dataclasses.replace(SMALL, device="cuda")
    result = ws.evaluate(vectors, "retrieval", captions=splits, settings=settings)
    assert result[0].details["recall"][5] > 0.5

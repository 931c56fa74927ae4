"""WIELD against its formula in NumPy, and what it learns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import log_softmax

from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.images.features import ImageFeatures
from wordsight.models._caption_model import CaptionImages, caption_images
from wordsight.models.wield import WIELD, Network
from wordsight.training.caption_windows import CaptionWindows

CPU = torch.device("cpu")


def random_captions(seed: int = 0, n: int = 40) -> ImageCaptions:
    random = np.random.default_rng(seed)
    texts = [" ".join(f"w{i}" for i in random.integers(0, 12, random.integers(2, 6))) for _ in range(n)]
    features = ImageFeatures([f"i{i}" for i in range(20)], random.normal(size=(20, 6)).astype(np.float32))
    return ImageCaptions(texts, random.integers(0, 20, n), features, weights=random.uniform(0.5, 2, n))


def looks(n: int = 600) -> ImageCaptions:
    """Eight names in the same contexts, four of things that look one way, four of things that look another way."""
    random = np.random.default_rng(1)
    names = random.integers(0, 8, n)
    features = random.normal(size=(n, 10)) * 0.2
    features[:, 0] += np.where(names < 4, 1, -1)
    texts = [f"{a} picture of {b} name{i}" for i, a, b in zip(names, *random.choice(["a", "the"], (2, n)), strict=True)]
    return ImageCaptions(texts, np.arange(n), ImageFeatures([str(i) for i in range(n)], features.astype(np.float32)))


def gap(model: WIELD) -> float:
    """By how much names of like things are more similar than names of unlike things."""
    unit = model.vectors_.unit[model.vectors_.rows(f"name{i}" for i in range(8))]
    cosines, like = unit @ unit.T, np.equal.outer(np.arange(8) < 4, np.arange(8) < 4)
    return float(cosines[like & ~np.eye(8, dtype=bool)].mean() - cosines[~like].mean())


@pytest.mark.parametrize("gamma", [0.0, 3.0])
@pytest.mark.parametrize("target", ["caption", "word"])
def test_losses_agree_with_the_formula(gamma: float, target: str) -> None:
    captions = random_captions()
    pairs = QueryPairs.from_captions(captions, 1)
    windows = CaptionWindows.from_pairs(pairs, 2, CPU)
    images = caption_images(pairs, captions, transform="pca:4", control=None, seed=0)
    network = Network(
        len(pairs.vocabulary),
        images,
        torch.Generator().manual_seed(0),
        dim=5,
        gamma=gamma,
        by_word=target == "word",
        dtype=torch.float32,
    )
    numbers = torch.tensor([3, 50, 11])
    losses = network.losses(windows[numbers])

    words, outputs, head = (p.detach().numpy().astype(np.float64) for p in network.parameters)
    all_windows = [
        (text[i], text[max(0, i - 2) : i] + text[i + 1 : i + 3], caption)
        for caption, text in enumerate([pairs.vocabulary.ids(c.split()).tolist() for c in captions.captions])
        for i in range(len(text))
    ]
    of_words, of_images, weights = [], [], []
    for masked, context, caption in (all_windows[i] for i in numbers):
        h = words[context].sum(axis=0)
        of_words.append(-log_softmax(outputs[:, :-1] @ h + outputs[:, -1])[masked])
        y = images.words[masked] if target == "word" else images.images[captions.image_rows[caption]]
        of_images.append(((head[:, :-1] @ h + head[:, -1] - y) ** 2).mean())
        weights.append(captions.weights[caption])
    word, image = (float(np.average(part, weights=weights)) for part in (of_words, of_images))
    assert losses["word_loss"].item() == pytest.approx(word, rel=1e-5)
    assert losses["image_loss"].item() == pytest.approx(image, rel=1e-5)
    assert losses["loss"].item() == pytest.approx(word / (1 + gamma) + gamma / (1 + gamma) * image, rel=1e-5)


def test_a_words_encoding_is_the_mean_over_the_captions_it_is_in() -> None:
    captions = random_captions(n=15)
    pairs = QueryPairs.from_captions(captions, 1)
    images = caption_images(pairs, captions, transform="centre", control=None, seed=0)
    encodings = captions.features.matrix - captions.features.matrix.mean(axis=0)
    for word, mean in zip(pairs.vocabulary.words, images.words, strict=True):
        places = [(c, w) for c, text in enumerate(captions.captions) for w in text.split() if w == word]
        weights = [captions.weights[c] for c, _ in places]
        expected = np.average([encodings[captions.image_rows[c]] for c, _ in places], axis=0, weights=weights)
        np.testing.assert_allclose(mean, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("output", ["softmax", "negatives"])
def test_only_seeing_tells_what_looks_alike(output: str) -> None:
    settings: dict[str, Any] = {"dim": 8, "epochs": 10, "batch_size": 32, "transform": "pca:2 scale"}
    settings |= {"output": output, "composition": "learned", "min_count": 1, "window": 4}
    settings |= {"learning_rate": 0.01 if output == "softmax" else 0.025}
    captions = looks()
    seeing = gap(WIELD(gamma=10, **settings).fit(captions))
    assert seeing > 0.5
    assert gap(WIELD(gamma=0, **settings).fit(captions)) < seeing / 2
    assert gap(WIELD(gamma=10, control="shuffled", **settings).fit(captions)) < seeing / 2


def test_without_weight_the_images_are_not_learned_from() -> None:
    settings: dict[str, Any] = {"dim": 6, "epochs": 2, "min_count": 1, "batch_size": 16, "gamma": 0.0}
    one = WIELD(**settings).fit(random_captions())
    other = WIELD(**settings, control="random").fit(random_captions())
    np.testing.assert_array_equal(one.text_vectors_, other.text_vectors_)
    assert not np.allclose(one.visual_vectors_, other.visual_vectors_)


def test_read_out() -> None:
    model = WIELD(dim=6, epochs=1, min_count=1, transform="pca:3").fit(random_captions())
    words = model.vectors_.words
    np.testing.assert_array_equal(model.read_out(words, "learned").matrix, model.text_vectors_)
    both = model.vectors_.matrix
    assert both.shape == (len(words), 9)
    np.testing.assert_allclose(np.linalg.norm(both[:, :6], axis=1), 1, rtol=1e-5)
    unit = model.visual_vectors_ / np.linalg.norm(model.visual_vectors_, axis=1, keepdims=True)
    np.testing.assert_allclose(both[:, 6:], unit, rtol=1e-5, atol=1e-6)


def test_history_has_both_losses() -> None:
    model = WIELD(dim=6, epochs=3, min_count=1, gamma=4.0, batch_size=10).fit(random_captions())
    for row in model.history_:
        mixed = (row["word_loss"] + 4 * row["image_loss"]) / 5
        assert row["loss"] == pytest.approx(mixed, rel=1e-4)
    assert model.history_[-1]["loss"] < model.history_[0]["loss"]


def test_every_output_saves_and_loads(tmp_path: Path) -> None:
    for settings in ({"output": "negatives"}, {"precision": "bfloat16"}, {"window": 0, "image_target": "word"}):
        model = WIELD(dim=6, epochs=1, min_count=1, **settings).fit(random_captions())
        model.save(tmp_path / "model")
        restored = WIELD.load(tmp_path / "model")
        np.testing.assert_array_equal(restored.image_head_, model.image_head_)
        np.testing.assert_array_equal(restored.read_out(model.vectors_.words).matrix, model.vectors_.matrix)


def test_negatives_take_the_target_of_the_caption_or_of_the_word() -> None:
    captions = random_captions()
    for target in ("caption", "word"):
        model = WIELD(dim=6, epochs=2, min_count=1, output="negatives", image_target=target, gamma=5.0).fit(captions)
        again = WIELD(dim=6, epochs=2, min_count=1, output="negatives", image_target=target, gamma=5.0).fit(captions)
        np.testing.assert_array_equal(model.text_vectors_, again.text_vectors_)
        assert np.isfinite(model.vectors_.matrix).all()


def test_encodings_keep_their_shape() -> None:
    captions = random_captions()
    pairs = QueryPairs.from_captions(captions, 1)
    images = caption_images(pairs, captions, transform="pca:4", control="shuffled", seed=3)
    assert isinstance(images, CaptionImages)
    assert images.images.shape == (20, 4) and images.words.shape == (len(pairs.vocabulary), 4)

"""WIELD-input against its formula in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import log_softmax

from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.images.features import ImageFeatures
from wordsight.models._caption_model import caption_images
from wordsight.models.wield import WIELD
from wordsight.models.wield_input import Network, WIELDInput
from wordsight.training.caption_windows import CaptionWindows


@pytest.fixture
def captions() -> ImageCaptions:
    random = np.random.default_rng(4)
    texts = [" ".join(f"w{i}" for i in random.integers(0, 12, 4)) for _ in range(30)]
    features = ImageFeatures([f"i{i}" for i in range(20)], random.normal(size=(20, 6)).astype(np.float32))
    return ImageCaptions(texts, random.integers(0, 20, 30), features)


@pytest.mark.parametrize("weight", [0.0, 0.3])
@pytest.mark.parametrize("image_input", ["caption", "word"])
def test_loss_agrees_with_the_formula(captions: ImageCaptions, weight: float, image_input: str) -> None:
    pairs = QueryPairs.from_captions(captions, 1)
    windows = CaptionWindows.from_pairs(pairs, 1, torch.device("cpu"))
    images = caption_images(pairs, captions, transform="pca:3", control=None, seed=0)
    network = Network(
        len(pairs.vocabulary),
        images,
        torch.Generator().manual_seed(0),
        dim=5,
        weight=weight,
        by_word=image_input == "word",
        dtype=torch.float32,
    )
    numbers = [0, 5, 70]
    loss = network.losses(windows[torch.tensor(numbers)])["loss"]

    words, outputs = (p.detach().numpy().astype(np.float64) for p in (network.words, network.outputs))
    texts = [pairs.vocabulary.ids(caption.split()).tolist() for caption in captions.captions]
    expected = 0.0
    for caption, i in (divmod(number, 4) for number in numbers):
        context = texts[caption][max(0, i - 1) : i] + texts[caption][i + 1 : i + 2]
        y = images.words[context].mean(axis=0) if image_input == "word" else images.images[captions.image_rows[caption]]
        inputs = np.concatenate([words[context].sum(axis=0), weight * y, [1]])
        expected -= log_softmax(outputs @ inputs)[texts[caption][i]] / 3
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_images_of_no_weight_change_nothing(captions: ImageCaptions) -> None:
    settings: dict[str, Any] = {"dim": 6, "epochs": 2, "min_count": 1, "weight": 0.0}
    one, other = (WIELDInput(control=control, **settings).fit(captions) for control in (None, "random"))
    np.testing.assert_array_equal(one.text_vectors_, other.text_vectors_)
    assert not np.array_equal(one.visual_vectors_, other.visual_vectors_)


def test_what_is_learned_has_the_shapes_that_are_promised(captions: ImageCaptions) -> None:
    model = WIELDInput(dim=6, epochs=1, min_count=1, transform="pca:3").fit(captions)
    n = len(model.vectors_)
    assert model.vectors_.matrix.shape == model.context_vectors_.shape == (n, 6)
    assert model.image_weights_.shape == model.visual_vectors_.shape == (n, 3)
    assert model.context_biases_.shape == (n,)
    assert model.read_out(model.vectors_.words, "concat").dim == 9
    assert [set(row) for row in model.history_] == [{"epoch", "loss", "windows_per_second"}]


def test_both_models_of_the_paper_have_the_same_settings_otherwise() -> None:
    own = {"weight", "image_input"}
    shared = WIELDInput.defaults().keys() - own
    assert shared <= WIELD.defaults().keys()
    assert all(WIELD.defaults()[name] == WIELDInput.defaults()[name] for name in shared - {"composition"})

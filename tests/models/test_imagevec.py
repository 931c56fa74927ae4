from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from wordsight.datasets.emoji_world import emoji_world
from wordsight.errors import DataError, ParameterError
from wordsight.evaluation.data.dictionaries import name_pairs, one_word_names
from wordsight.evaluation.tasks.naming import naming
from wordsight.evaluation.tasks.translation import translation
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures
from wordsight.losses.contrastive import softmax_in_batch
from wordsight.models import imagevec
from wordsight.models.imagevec import ImageVec
from wordsight.vectors.word_vectors import WordVectors

N_CONCEPTS, N_FEATURES, N_VIEWS = 30, 20, 4


def drawings() -> ImageFeatures:
    """Every concept is drawn four times by each of three vendors, who have each their own bias."""
    random = np.random.default_rng(0)
    looks = random.normal(size=(N_CONCEPTS, N_FEATURES))
    rows, ids, sources = [], [], []
    for vendor in "abc":
        bias = 5 * random.normal(size=N_FEATURES)
        for concept in range(N_CONCEPTS):
            for view in range(N_VIEWS):
                rows.append(looks[concept] + bias + 0.2 * random.normal(size=N_FEATURES))
                ids.append(f"{vendor}/{concept}/{view}")
                sources.append(vendor)
    return ImageFeatures(ids, np.array(rows, dtype=np.float32), sources=sources)


def named(features: ImageFeatures, vendor: str, language: str, word: str) -> ImageCaptions:
    """All of a vendor's drawings with two captions each: the concept's word alone, and with an article."""
    rows = [row for row, source in enumerate(features.sources or ()) if source == vendor]
    words = [f"{word}{features.ids[row].split('/')[1]}" for row in rows]
    captions = [*words, *(f"The {w}!" for w in words)]
    return ImageCaptions(captions, np.array(rows * 2), features, languages=[language] * len(captions))


@pytest.fixture(scope="module")
def features() -> ImageFeatures:
    return drawings()


@pytest.fixture(scope="module")
def captions(features: ImageFeatures) -> ImageCaptions:
    """English sees vendor a only, German b only; c is never seen."""
    return ImageCaptions.concat([named(features, "a", "en", "thing"), named(features, "b", "de", "Ding")])


def small(**hyperparameters: Any) -> ImageVec:
    settings: dict[str, Any] = {"dim": 16, "batch_size": 64, "epochs": 20, "learning_rate": 5e-3, "noise": 0.5}
    return ImageVec(**{**settings, **hyperparameters})


@pytest.fixture(scope="module")
def fitted(captions: ImageCaptions) -> ImageVec:
    return small().fit(captions)


@pytest.mark.parametrize("network", [{}, {"hidden": 64, "dropout": 0.1}])
def test_languages_that_share_no_picture_meet(captions: ImageCaptions, network: dict[str, float]) -> None:
    vectors = small(**network).fit(captions).vectors_
    assert vectors.languages == ["de", "en"]
    english = [f"en:thing{i}" for i in range(N_CONCEPTS)]
    found = vectors.nearest(english, 1, language="de")[0][:, 0]
    right = [vectors.words[row] == f"de:ding{i}" for i, row in enumerate(found)]
    assert np.mean(right) > 0.8  # chance: 1/31


def test_images_of_a_vendor_that_was_never_seen_are_near_their_words(fitted: ImageVec, features: ImageFeatures) -> None:
    rows = [row for row, source in enumerate(features.sources or ()) if source == "c"]
    images = fitted.image_vectors(features)[rows]
    assert images.dtype == np.float32 and images.shape == (N_CONCEPTS * N_VIEWS, 16)
    found = fitted.vectors_.nearest(images, 1, language="en")[0][:, 0]
    names = [fitted.vectors_.words[row] for row in found]
    assert np.mean([n == f"en:thing{features.ids[r].split('/')[1]}" for n, r in zip(names, rows, strict=True)]) > 0.8


def test_loss_falls_and_is_below_that_of_guessing(captions: ImageCaptions) -> None:
    losses = [row["loss"] for row in small(prior=None).fit(captions).history_]
    assert losses[-1] < 0.5 * losses[0]
    assert losses[-1] < np.log(64) < losses[0]


@pytest.mark.parametrize("hyperparameters", [{}, {"hidden": 8, "dropout": 0.5, "batch_size": 480, "workers": 2}])
def test_repeatable_bit_for_bit(captions: ImageCaptions, hyperparameters: dict[str, float]) -> None:
    first, second = (small(**{"epochs": 2, **hyperparameters}).fit(captions) for _ in range(2))
    np.testing.assert_array_equal(first.vectors_.matrix, second.vectors_.matrix)
    for name, tensor in first._tensors().items():
        np.testing.assert_array_equal(second._tensors()[name], tensor)


@pytest.mark.parametrize("hyperparameters", [{}, {"hidden": 8, "relu_output": True}, {"pixels": False}])
def test_images_have_the_same_vectors_after_loading(
    captions: ImageCaptions, features: ImageFeatures, tmp_path: Path, hyperparameters: dict[str, float]
) -> None:
    model = small(epochs=2, **hyperparameters).fit(captions)
    model.save(tmp_path / "model")
    restored = ImageVec.load(tmp_path / "model")
    vectors = restored.image_vectors(features)
    np.testing.assert_array_equal(vectors, model.image_vectors(features))
    assert (vectors.min() >= 0) == ("hidden" in hyperparameters)


def test_ctrl_c_keeps_what_was_learned(captions: ImageCaptions, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def interrupted(*arguments: Any) -> torch.Tensor:
        calls.append(1)
        if len(calls) == 10:
            raise KeyboardInterrupt
        return softmax_in_batch(*arguments)

    monkeypatch.setattr(imagevec, "softmax_in_batch", interrupted)
    model = small().fit(captions)
    assert model.interrupted_ and len(model.history_) == 1
    assert "en:thing0" in model.vectors_ and np.isfinite(model.vectors_.matrix).all()


def test_weights_decide_between_two_meanings(features: ImageFeatures) -> None:
    """A word said of two concepts is nearer to the one with the greater weight."""
    rows = features.rows([f"a/{concept}/{view}" for concept in range(N_CONCEPTS) for view in range(N_VIEWS)])
    both = rows[: 2 * N_VIEWS]
    words = [f"w{i // N_VIEWS}" for i in range(len(rows))] + ["either"] * len(both)
    weights = np.ones(len(words))
    weights[len(rows) :] = [9.0] * N_VIEWS + [1.0] * N_VIEWS
    which = np.concatenate([rows, both])
    vectors = small().fit(ImageCaptions(words, which, features, weights=weights)).vectors_
    swapped = weights.copy()
    swapped[len(rows) :] = [1.0] * N_VIEWS + [9.0] * N_VIEWS
    other = small().fit(ImageCaptions(words, which, features, weights=swapped)).vectors_
    assert vectors.similarity("either", "w0") > vectors.similarity("either", "w1")
    assert other.similarity("either", "w0") < other.similarity("either", "w1")


def test_refuses_images_before_fitting_and_of_another_encoder(fitted: ImageVec, features: ImageFeatures) -> None:
    with pytest.raises(ParameterError, match="not fitted"):
        small().image_vectors(features)
    with pytest.raises(DataError, match="20 features"):
        fitted.image_vectors(ImageFeatures(["x"], np.ones((1, 3), np.float32), sources=["a"]))


def test_translates_and_names_by_the_look_of_pictures_alone() -> None:
    """Protocol T-disjoint on Emoji World with two languages; the control shows that it is the look."""
    world = emoji_world(["en", "de"])
    captions = ImageCaptions.concat([world.captions(["en"], ["noto"]), world.captions(["de"], ["twitter"])])
    drawn = {emoji: image for image, emoji in world.depicts("fluent").items()}
    names = {emoji: word for emoji, word in one_word_names(world.names("de")).items() if emoji in drawn}
    unseen = world.features.rows([drawn[emoji] for emoji in names])
    scores = []
    for features in (world.features, world.features.control("random")):
        data = ImageCaptions(captions.captions, captions.image_rows, features, languages=captions.languages)
        model = ImageVec(dim=256, epochs=3, transform="centre pca:256:0.5 l2 scale").fit(data)
        pairs = name_pairs(world.names("en"), world.names("de"))
        translated = translation(model.vectors_, pairs, source="en", target="de").only
        drawings = WordVectors(list(names), model.image_vectors(features)[unseen])
        named = naming(model.vectors_, drawings, names, language="de").only
        assert translated.n > 300 and named.n > 500
        scores.append((translated.score, named.score))
    assert scores[0][0] > 0.4 and scores[0][1] > 0.3
    assert max(scores[1]) < 0.02  # chance is 1 of some 5,000 words


def test_without_pixels_languages_meet_only_in_shared_images(features: ImageFeatures) -> None:
    """The co-occurrence baseline: at chance where no image is shared, and right where all are."""
    scores = []
    for vendors in (("a", "b"), ("a", "a")):
        parts = [named(features, vendors[0], "en", "thing"), named(features, vendors[1], "de", "Ding")]
        vectors = small(pixels=False).fit(ImageCaptions.concat(parts)).vectors_
        found = vectors.nearest([f"en:thing{i}" for i in range(N_CONCEPTS)], 1, language="de")[0][:, 0]
        scores.append(np.mean([vectors.words[row] == f"de:ding{i}" for i, row in enumerate(found)]))
    assert scores[0] < 0.2 and scores[1] > 0.9


def test_without_pixels_other_images_have_no_vectors(captions: ImageCaptions) -> None:
    model = small(epochs=1, pixels=False).fit(captions)
    with pytest.raises(LookupError, match="elsewhere"):
        model.image_vectors(ImageFeatures(["elsewhere"], np.ones((1, N_FEATURES), np.float32)))


def test_words_begin_at_the_mean_of_their_images_and_the_prior(captions: ImageCaptions) -> None:
    """After steps of no length, a word is (Σ unit vectors of its images + prior · random unit vector) / (n + prior).

    Of a query of two words, each has half.
    """
    features = captions.features
    few, many = (
        small(epochs=1, learning_rate=1e-9, prior=prior, dim=N_FEATURES).fit(captions) for prior in (1e-6, 2.0)
    )
    images = few.image_vectors(features)
    rows = [features.ids.index(f"a/3/{view}") for view in range(N_VIEWS)]
    mean = (images[rows] / np.linalg.norm(images[rows], axis=1, keepdims=True)).mean(axis=0)
    np.testing.assert_allclose(few.vectors_["en:thing3"], mean, atol=1e-4)
    n = 1.5 * N_VIEWS  # two captions an image, and half of the second
    random = (many.vectors_["en:thing3"] * (n + 2) - n * mean) / 2
    assert np.linalg.norm(random) == pytest.approx(1, abs=0.6)


def test_words_left_out_answer_by_their_bucket(features: ImageFeatures, tmp_path: Path) -> None:
    captions = named(features, "a", "en", "thing")
    rare = ImageCaptions(["zebu", "gnu"], np.array([0, 40]), features, languages=["en", "en"])
    model = small(min_count=2, buckets=1000).fit(ImageCaptions.concat([captions, rare]))
    model.save(tmp_path / "model")
    for vectors in (model.vectors_, WordVectors.load(tmp_path / "model")):
        assert "en:zebu" not in vectors and "en:zebu" not in vectors.words
        assert vectors.most_similar("en:zebu", topn=1)[0][0] == "en:thing0"
        assert vectors.similarity("en:gnu", "en:thing10") > vectors.similarity("en:gnu", "en:thing0")
        with pytest.raises(LookupError, match="unknown word 'en:unheard'"):
            vectors["en:unheard"]
    np.testing.assert_array_equal(WordVectors.load(tmp_path / "model")["en:zebu"], model.vectors_["en:zebu"])


def test_one_word_for_all_languages_where_they_are_not_told_apart(captions: ImageCaptions) -> None:
    words = small(epochs=1, language_aware=False).fit(captions).vectors_.words
    assert {"thing0", "ding0", "the"} <= set(words)


def test_low_precision_gives_nearly_the_same(captions: ImageCaptions, fitted: ImageVec) -> None:
    low = small(precision="bfloat16").fit(captions).vectors_
    cosines = [low.similarity(word, fitted.vectors_[word]) for word in low.words]
    assert np.mean(cosines) > 0.95

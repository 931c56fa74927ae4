from pathlib import Path

import numpy as np
import pytest
import torch

from wordsight.datasets.emoji_world import emoji_world
from wordsight.errors import DataError, ParameterError
from wordsight.evaluation.naming import naming
from wordsight.evaluation.translation import name_pairs, one_word_names, translation
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures
from wordsight.losses.contrastive import softmax_in_batch
from wordsight.models import imagevec
from wordsight.models.imagevec import ImageVec, _Batches
from wordsight.models.queries import QueryPairs

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
    return ImageFeatures(np.array(rows, dtype=np.float32), ids, sources=sources)


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


def small(**hyperparameters: object) -> ImageVec:
    settings = {"dim": 16, "batch_size": 64, "epochs": 20, "learning_rate": 5e-3, "noise": 0.5}
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


def test_loss_falls_and_is_below_that_of_guessing(fitted: ImageVec) -> None:
    losses = [row["loss"] for row in fitted.history_]
    assert losses[-1] < 0.5 * losses[0]
    assert losses[0] < np.log(64) + 1


@pytest.mark.parametrize("hyperparameters", [{}, {"hidden": 8, "dropout": 0.5, "batch_size": 480, "workers": 2}])
def test_repeatable_bit_for_bit(captions: ImageCaptions, hyperparameters: dict[str, float]) -> None:
    first, second = (small(**{"epochs": 2, **hyperparameters}).fit(captions) for _ in range(2))
    np.testing.assert_array_equal(first.vectors_.matrix, second.vectors_.matrix)
    for name, tensor in first._tensors().items():
        np.testing.assert_array_equal(second._tensors()[name], tensor)


@pytest.mark.parametrize("hyperparameters", [{}, {"hidden": 8, "relu_output": True}])
def test_images_have_the_same_vectors_after_loading(
    captions: ImageCaptions, features: ImageFeatures, tmp_path: Path, hyperparameters: dict[str, float]
) -> None:
    model = small(epochs=2, **hyperparameters).fit(captions)
    model.save(tmp_path / "model")
    restored = ImageVec.load(tmp_path / "model")
    vectors = restored.image_vectors(features)
    np.testing.assert_array_equal(vectors, model.image_vectors(features))
    assert (vectors.min() >= 0) == bool(hyperparameters)


def test_ctrl_c_keeps_what_was_learned(captions: ImageCaptions, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def interrupted(*arguments: torch.Tensor) -> torch.Tensor:
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


@pytest.mark.parametrize(
    ("hyperparameters", "message"),
    [
        ({"dim": 0}, "dim is 0; it must be positive"),
        ({"temperature": 0.0}, "temperature is 0.0"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"hidden": -1}, "hidden is -1; it must be 0 or positive"),
        ({"noise": -0.1}, "noise is -0.1"),
        ({"dropout": 1.0}, "dropout is 1.0; it must be at least 0 and less than 1"),
        ({"epochs": 0}, "epochs is 0"),
        ({"min_count": 0}, "min_count is 0"),
        ({"workers": 0}, "workers is 0"),
        ({"image_transform": "center"}, "unknown transform 'center'; did you mean 'centre'"),
        ({"device": "gpu"}, "device is 'gpu'"),
    ],
)
def test_refuses_nonsense(captions: ImageCaptions, hyperparameters: dict[str, float], message: str) -> None:
    with pytest.raises((ParameterError, LookupError), match=message):
        small(**hyperparameters).fit(captions)


def test_refuses_images_before_fitting_and_of_another_encoder(fitted: ImageVec, features: ImageFeatures) -> None:
    with pytest.raises(ParameterError, match="not fitted"):
        small().image_vectors(features)
    with pytest.raises(DataError, match="20 features"):
        fitted.image_vectors(ImageFeatures(np.ones((1, 3), np.float32), ["x"], sources=["a"]))


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
        model = ImageVec(epochs=6, learning_rate=2e-3).fit(data)
        pairs = name_pairs(world.names("en"), world.names("de"))
        translated = translation(model.vectors_, pairs, source="en", target="de").only
        named = naming(model.vectors_, model.image_vectors(features)[unseen], list(names.values()), language="de").only
        assert translated.n > 300 and named.n > 500
        scores.append((translated.score, named.score))
    assert scores[0][0] > 0.35 and scores[0][1] > 0.25
    assert max(scores[1]) < 0.02  # chance is 1 of some 5,000 words


def pairs_of(captions: list[str], rows: list[int], min_count: int = 1, **options: object) -> QueryPairs:
    features = ImageFeatures(np.eye(6, dtype=np.float32), [f"i{i}" for i in range(6)])
    return QueryPairs.from_captions(ImageCaptions(captions, np.array(rows), features, **options), min_count)


def spelled_out(pairs: QueryPairs) -> list[tuple[list[str], int, float]]:
    """For each pair its words, its image row and its weight."""
    bags = [pairs.vocabulary.words[i] for i in pairs.words]
    return [
        (bags[pairs.offsets[q] : pairs.offsets[q + 1]], int(i), float(w))
        for q, i, w in zip(pairs.query_of, pairs.image_of, pairs.weights, strict=True)
    ]


def test_queries_are_bags_of_tagged_words() -> None:
    pairs = pairs_of(
        ["A cat!", "ein Hund", "a cat a cat", "ein Hund"], [0, 1, 2, 3], languages=["en", "de", "en", "de"]
    )
    assert spelled_out(pairs) == [
        (["en:a", "en:cat"], 0, 1.0),
        (["de:ein", "de:hund"], 1, 1.0),
        (["en:a", "en:cat", "en:a", "en:cat"], 2, 1.0),
        (["de:ein", "de:hund"], 3, 1.0),
    ]
    assert len(pairs.offsets) == 3 + 1  # the German query is kept once
    assert dict(zip(pairs.vocabulary.words, pairs.vocabulary.counts.tolist(), strict=True)) == {
        "en:a": 3,
        "en:cat": 3,
        "de:ein": 2,
        "de:hund": 2,
    }


def test_rare_words_empty_queries_and_pairs_without_weight_are_left_out() -> None:
    pairs = pairs_of(
        ["red fox", "fox", "…", "hapax", "red", "fox"],
        [0, 1, 2, 3, 4, 5],
        min_count=2,
        weights=np.array([1.0, 2.0, 1.0, 1.0, 0.0, 0.5]),
    )
    assert pairs.vocabulary.words == ["fox", "red"]
    assert spelled_out(pairs) == [(["red", "fox"], 0, 1.0), (["fox"], 1, 2.0), (["fox"], 5, 0.5)]
    with pytest.raises(DataError, match="no word of the captions occurs 9 times; lower min_count"):
        pairs_of(["red fox", "fox"], [0, 1], min_count=9)


def test_a_batch_holds_each_query_and_image_once() -> None:
    pairs = pairs_of(["a b c", "d", "a b c", "e f", "d"], [5, 0, 1, 5, 0])
    features = np.arange(12, dtype=np.float32).reshape(6, 2)
    numbers = torch.tensor([4, 2, 0, 1])
    words, offsets, images, query_of, image_of, weights = _Batches(pairs, features, torch.device("cpu"))[numbers]
    bags = [bag.tolist() for bag in torch.tensor_split(words, offsets[1:])]
    expected = spelled_out(pairs)
    assert len(bags) == 2 and len(images) == 3 and len(weights) == 4
    for number, query, image in zip(numbers.tolist(), query_of.tolist(), image_of.tolist(), strict=True):
        assert [pairs.vocabulary.words[word] for word in bags[query]] == expected[number][0]
        np.testing.assert_array_equal(images[image], features[expected[number][1]])

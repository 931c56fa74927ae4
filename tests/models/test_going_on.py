"""Models that go on from a fitted one of their kind: what they keep, what they add, and that they can be resumed."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wordsight.errors import DataError, ParameterError
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.models.base import Model
from wordsight.models.registry import load, model_class
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
from wordsight.text.vocabulary import Vocabulary
from wordsight.training import corpus_passes
from wordsight.training.checkpoint import Checkpoints, checkpointing
from wordsight.training.text_start import TextStart
from wordsight.vectors.word_vectors import WordVectors

SMALL: dict[str, Any] = {"dim": 8, "epochs": 2, "hidden": 6, "pretraining": 2, "draws": 2, "passes": 2, "batch_size": 8}
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    ("sgns", {}),
    ("cbow", {}),
    ("pixie", {}),
    ("pixie", {"composition": "sum", "samples": 2}),
    ("vsgns", {}),
    ("vsgns", {"mapping": "learnt"}),
    ("iesg", {}),
    ("iesg", {"objective": "contrastive"}),
    ("imagevec", {}),
    ("imagevec", {"pixels": False}),
    ("imagevec", {"buckets": 5, "min_count": 2}),
]
ABSENT, NEW = "w3", "new"
"""A word of the first text alone, which has no image, and one of the second alone."""


@pytest.fixture(params=VARIANTS, ids=lambda v: f"{v[0]}{'-'.join(map(str, v[1].values()))}")
def variant(request: pytest.FixtureRequest) -> tuple[type[Model], dict[str, Any]]:
    return model_class(request.param[0]), request.param[1]


def small(variant: tuple[type[Model], dict[str, Any]], **settings: Any) -> Model:
    cls, special = variant
    chosen = {**SMALL, "workers": 1, "subsample": 0.0, "transform": "centre | l2"} | special | settings
    if "lexicon" not in cls.inputs or cls.name == "iesg":
        chosen["transform"] = "centre l2"
    return cls(**{name: value for name, value in chosen.items() if name in cls.defaults()})


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    """A first and a second text, captions likewise, and images for both; the second image set has more images."""
    random = np.random.default_rng(0)
    words = [f"w{i}" for i in range(12)]
    matrix = random.normal(size=(30, 12)).astype(np.float32)
    ids = [f"i{i}" for i in range(30)]
    few, many = ImageFeatures(ids[:20], matrix[:20]), ImageFeatures(ids, matrix)
    others = [word for word in words if word != ABSENT] + [NEW]

    def texts(words: list[str], n: int) -> list[list[str]]:
        return [[words[i] for i in random.integers(0, len(words), 30)] for _ in range(n)]

    def captions(words: list[str], features: ImageFeatures) -> ImageCaptions:
        drawn = [" ".join(words[i] for i in random.integers(0, len(words), 3)) for _ in range(40)]
        return ImageCaptions(drawn, random.integers(0, len(features), 40), features)

    pairs = [(word, f"i{i}") for i in range(20) if (word := words[i % 12]) != ABSENT]
    return {
        "first": {
            "corpus": Corpus.from_documents(texts(words, 10), min_count=1),
            "lexicon": VisualLexicon.from_pairs(pairs, few),
            "captions": captions(words, few),
        },
        "second": {
            "corpus": Corpus.from_documents(texts(others, 6), min_count=1),
            "lexicon": VisualLexicon.from_pairs([*pairs, (NEW, "i25"), (NEW, "i26")], many),
            "captions": captions(others, many),
        },
        "nothing": {
            "corpus": Corpus(Vocabulary([], []), np.zeros(0, np.int32), np.zeros(1, np.int64)),
            "lexicon": VisualLexicon.from_pairs(pairs, few),
            "captions": ImageCaptions(["…"], np.array([0]), few),
        },
    }


def fit(model: Model, inputs: dict[str, Any], text: Model | WordVectors | None = None) -> Model:
    return model.fit(*(inputs[name] for name in model.inputs), text=text)


def learned(model: Model) -> dict[str, np.ndarray]:
    return {"vectors": model.vectors_.matrix, **model._tensors()}


def assert_same(one: Model, other: Model) -> None:
    assert one.vectors_.words == other.vectors_.words
    left, right = learned(one), learned(other)
    assert left.keys() == right.keys()
    for name, array in left.items():
        np.testing.assert_array_equal(array, right[name], err_msg=name)


def rows(model: Model, words: list[str]) -> dict[str, np.ndarray]:
    """What a model knows of single words: PIXIE's read-out is imagined anew from all words, but e and v are not."""
    tables = {name: getattr(model, name) for name in ("text_vectors_", "context_vectors_") if hasattr(model, name)}
    if not hasattr(model, "text_vectors_"):
        tables["vectors_"] = model.vectors_.matrix
    numbers = [model.vectors_.words.index(word) for word in words]
    return {name: table[numbers] for name, table in tables.items()}


def test_nothing_new_changes_nothing(variant: Any, data: dict[str, Any]) -> None:
    first = fit(small(variant), data["first"])
    assert_same(fit(small(variant, seed=5), data["nothing"], text=first), first)


def test_new_words_get_rows_and_absent_ones_keep_theirs(variant: Any, data: dict[str, Any]) -> None:
    first = fit(small(variant), data["first"])
    second = fit(small(variant), data["second"], text=first)
    assert NEW not in first.vectors_ and NEW in second.vectors_
    assert set(second.vectors_.words) == {*first.vectors_.words, NEW}
    assert np.abs(second.vectors_[NEW]).max() > 0.01 and np.isfinite(second.vectors_.matrix).all()
    before, after = rows(first, [ABSENT]), rows(second, [ABSENT])
    for name, row in before.items():
        np.testing.assert_array_equal(after[name], row, err_msg=name)
    others = [word for word in first.vectors_.words if word != ABSENT]
    assert not np.array_equal(rows(second, others).popitem()[1], rows(first, others).popitem()[1])


def test_frequencies_are_merged(variant: Any, data: dict[str, Any]) -> None:
    first = fit(small(variant), data["first"])
    second: Any = fit(small(variant), data["second"], text=first)
    texts = [data[part]["corpus"].documents() for part in ("first", "second")]
    if variant[0].inputs == ("captions",):
        texts = [[caption.split() for caption in data[part]["captions"].captions] for part in ("first", "second")]
    counted = Counter(word for text in texts for document in text for word in document)
    assert dict(zip(second.vectors_.words, second.counts_.tolist(), strict=True)) == counted
    assert second.counts_.tolist() == sorted(second.counts_.tolist(), reverse=True)


def test_a_model_goes_on_from_itself_and_from_its_files(variant: Any, data: dict[str, Any], tmp_path: Path) -> None:
    first = fit(small(variant), data["first"])
    second = fit(small(variant), data["second"], text=first)
    first.save(tmp_path / "model")
    assert_same(fit(small(variant), data["second"], text=load(tmp_path / "model")), second)
    assert_same(fit(first, data["second"], text=first), second)


class Stopped(BaseException):
    """The end of a run that is to be gone on with."""


@pytest.mark.parametrize("stop_after", [1, 3])
def test_a_resumed_continuation_equals_an_uninterrupted_one(
    variant: Any, data: dict[str, Any], stop_after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus_passes, "CHUNK", 64)
    first = fit(small(variant), data["first"])
    whole = fit(small(variant), data["second"], text=first)
    write, numbers = Checkpoints.write, itertools.count(1)

    def stopping(self: Checkpoints, *arguments: Any) -> None:
        write(self, *arguments)
        if next(numbers) == stop_after:
            raise Stopped

    folder = tmp_path / "run"
    with monkeypatch.context() as patch, contextlib.suppress(Stopped), checkpointing(folder, {}, minutes=0):
        patch.setattr(Checkpoints, "write", stopping)
        fit(small(variant), data["second"], text=first)
        raise AssertionError("the run did not stop")
    with checkpointing(folder, {}, minutes=0):
        assert_same(fit(small(variant), data["second"], text=first), whole)


def test_other_shapes_are_refused_and_the_earlier_fit_is_kept(variant: Any, data: dict[str, Any]) -> None:
    first = fit(small(variant), data["first"])
    with pytest.raises((DataError, ParameterError), match=r"dim is 9.*; set"):
        fit(small(variant, dim=9), data["second"], text=first)
    if "transform" in variant[0].defaults() and variant[1] != {"pixels": False}:
        transform = small(variant).get_params()["transform"].replace("centre", "standardise")
        with pytest.raises(ParameterError, match=r"transform is 'standardise.*, but in the model to go on from it is"):
            fit(small(variant).set_params(transform=transform), data["second"], text=first)
    with pytest.raises(ParameterError, match="is not fitted; call its fit first"):
        fit(small(variant), data["second"], text=small(variant))


def test_words_of_both_texts_settle_between_old_and_new(data: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    variant: Any = (SGNS, {})
    first: Any = fit(small(variant), data["first"])
    second = fit(small(variant), data["second"], text=first)
    monkeypatch.setattr(TextStart, "settle", lambda *_: None)
    moved = fit(small(variant), data["second"], text=first)
    new = Counter(word for document in data["second"]["corpus"].documents() for word in document)
    for word, before in zip(first.vectors_.words, first.counts_.tolist(), strict=True):
        share = new[word] / (before + new[word])
        expected = (1 - share) * first.vectors_[word] + share * moved.vectors_[word]
        np.testing.assert_allclose(second.vectors_[word], expected, atol=1e-6)
    np.testing.assert_array_equal(second.vectors_[NEW], moved.vectors_[NEW])


@pytest.mark.parametrize("name", ["sgns", "cbow", "pixie", "vsgns"])
def test_a_model_starts_from_vectors_and_from_other_text_models(name: str, data: dict[str, Any]) -> None:
    variant: Any = (model_class(name), {"composition": "sum"} if name == "pixie" else {})
    words = ["w1", ABSENT, "elsewhere"]
    vectors = WordVectors(words, 3 * np.eye(3, 8, dtype=np.float32))
    from_vectors: Any = fit(small(variant), data["second"], text=vectors)
    np.testing.assert_array_equal(from_vectors.vectors_[[ABSENT, "elsewhere"]], vectors[[ABSENT, "elsewhere"]])
    assert from_vectors.vectors_["w1"][0] > 1 and NEW in from_vectors.vectors_
    assert from_vectors.counts_.sum() == len(data["second"]["corpus"])
    text = SGNS(dim=8, epochs=1, workers=1, subsample=0).fit(data["first"]["corpus"])
    other = fit(small((model_class("cbow"), {})), data["second"], text=text)
    np.testing.assert_array_equal(rows(other, [ABSENT])["context_vectors_"], rows(text, [ABSENT])["context_vectors_"])


def test_imagevec_goes_on_from_an_imagevec_alone_and_from_the_same_encoder(data: dict[str, Any]) -> None:
    variant: Any = (model_class("imagevec"), {})
    with pytest.raises(DataError, match="ImageVec goes on from a fitted ImageVec only"):
        fit(small(variant), data["second"], text=SGNS(dim=8, workers=1).fit(data["first"]["corpus"]))
    first = fit(small(variant), data["first"])
    captions = data["second"]["captions"]
    features = ImageFeatures(captions.features.ids, captions.features.matrix, encoder="another")
    other = {"captions": ImageCaptions(captions.captions, captions.image_rows, features)}
    with pytest.raises(DataError, match="of another encoder"):
        fit(small(variant), other, text=first)

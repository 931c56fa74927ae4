"""What every model in the registry keeps to."""

from __future__ import annotations

import contextlib
import inspect
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wordsight
from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import hidden_words
from wordsight.images.features import ImageFeatures
from wordsight.models.base import Model
from wordsight.models.registry import MODELS, load, model_class, normalised
from wordsight.text.corpus import Corpus
from wordsight.text.languages import join_languages
from wordsight.text.parallel import ParallelText
from wordsight.training import corpus_passes as skipgram
from wordsight.training.checkpoint import Checkpoints, checkpointing
from wordsight.vectors.word_vectors import WordVectors

ROOT = Path(__file__).parents[2]
SMALL: dict[str, Any] = {
    "dim": 8, "epochs": 2, "hidden": 6, "pretraining": 2, "draws": 2, "passes": 2, "batch_size": 8,
    "text_epochs": 2, "steps": 3, "refinements": 0,
}  # fmt: skip
"""Settings that make a fit quick, for those models that have them; one without epochs draws nothing and has no loss."""

VARIANTS: dict[str, list[dict[str, Any]]] = {
    "iesg": [{"objective": "contrastive"}],
    "ivsgns": [{"mapping": "nonlinear", "mapping_epochs": 3}],
    "pixie": [{"samples": 2}],
    "vsgns": [{"mapping": "learnt"}],
    "wield": [{"output": "negatives"}],
}
"""Settings under which other loops run, which must go on from a checkpoint too."""


class Stopped(BaseException):
    """The end of a run that is to be gone on with."""


def stop(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Ends a run when it has written so many checkpoints."""
    write, numbers = Checkpoints.write, itertools.count(1)

    def stopping(self: Checkpoints, *arguments: Any) -> bool:
        written = write(self, *arguments)
        if next(numbers) == after:
            raise Stopped
        return written

    monkeypatch.setattr(Checkpoints, "write", stopping)


@pytest.fixture(scope="module")
def inputs() -> dict[str, Any]:
    """Tiny data of every kind that a model's fit may take."""
    random = np.random.default_rng(0)
    words = [f"w{i}" for i in range(15)]
    features = ImageFeatures(
        random.normal(size=(30, 12)).astype(np.float32), [f"i{i}" for i in range(30)], sources=["p", "q", "r"] * 10
    )
    documents = [[words[i] for i in random.integers(0, 15, 40)] for _ in range(10)]
    by_language = [Corpus.from_documents(documents, language=language) for language in ("en", "de")]
    return {
        "corpus": Corpus.from_documents(documents),
        "tagged corpus": join_languages(by_language),
        "parallel": ParallelText({code: [" ".join(d[:6]) for d in documents] for code in ("en", "de")}),
        "spaces": [WordVectors(c.vocabulary.words, random.normal(size=(15, 8))) for c in by_language],
        "lexicon": VisualLexicon.from_pairs([(words[i % 10], f"i{i}") for i in range(30)], features),
        "captions": ImageCaptions(
            [" ".join(words[i] for i in random.integers(0, 15, 3)) for _ in range(40)],
            random.integers(0, 30, 40),
            features,
            languages=["en", "de"] * 20,
        ),
    }


def small(cls: type[Model]) -> Model:
    known = cls.defaults()
    model = cls(**{name: value for name, value in SMALL.items() if name in known})
    if "workers" in known:
        model.set_params(workers=1)
    if isinstance(known.get("hidden"), tuple):
        model.set_params(hidden=(6,))
    return model


def of(cls: type[Model], inputs: dict[str, Any]) -> list[Any]:
    """What a model takes; texts beside other inputs in several languages are tagged."""
    return [inputs["tagged corpus" if name == "corpus" and "parallel" in cls.inputs else name] for name in cls.inputs]


def fitted(cls: type[Model], inputs: dict[str, Any]) -> Model:
    return small(cls).fit(*of(cls, inputs))


@pytest.fixture(params=list(MODELS))
def cls(request: pytest.FixtureRequest) -> type[Model]:
    return model_class(request.param)


def test_fits_and_is_repeatable_bit_for_bit(cls: type[Model], inputs: dict[str, Any]) -> None:
    first, second = fitted(cls, inputs), fitted(cls, inputs)
    assert len(first.vectors_) >= 10 and np.isfinite(first.vectors_.matrix).all()
    np.testing.assert_array_equal(first.vectors_.matrix, second.vectors_.matrix)
    assert first.vectors_.words == second.vectors_.words
    assert [row["epoch"] for row in first.history_] == ([1, 2] if "epochs" in cls.defaults() else [])
    assert all(np.isfinite(value) for row in first.history_ for value in row.values())


@pytest.mark.parametrize("stop_after", [1, 4, 9])
def test_goes_on_from_a_checkpoint_bit_for_bit(
    cls: type[Model], inputs: dict[str, Any], stop_after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skipgram, "CHUNK", 64)
    variants: list[dict[str, Any]] = [{}, *VARIANTS.get(cls.name, [])]
    for number, variant in enumerate(variants):
        given, folder = of(cls, inputs), tmp_path / str(number)
        whole = small(cls).set_params(**variant).fit(*given)
        with monkeypatch.context() as patch, contextlib.suppress(Stopped), checkpointing(folder, {}, minutes=0):
            stop(patch, stop_after)
            small(cls).set_params(**variant).fit(*given)
        with checkpointing(folder, {}, minutes=0):
            again = small(cls).set_params(**variant).fit(*given)
        expected = {"vectors": whole.vectors_.matrix, **whole._tensors()}
        for name, tensor in {"vectors": again.vectors_.matrix, **again._tensors()}.items():
            np.testing.assert_array_equal(tensor, expected[name])
        losses = [[row.get("loss") for row in model.history_] for model in (whole, again)]
        assert losses[0] == losses[1]


def test_another_seed_gives_other_vectors(cls: type[Model], inputs: dict[str, Any]) -> None:
    other = small(cls).set_params(seed=1).fit(*of(cls, inputs))
    same = np.array_equal(other.vectors_.matrix, fitted(cls, inputs).vectors_.matrix)
    assert same == ("epochs" not in cls.defaults())


@pytest.mark.parametrize("setting", [{"control": "shuffled"}, {"control": "random"}, {"hide_words": 0.5}])
def test_what_is_seen_can_be_taken_away(cls: type[Model], inputs: dict[str, Any], setting: dict[str, Any]) -> None:
    if "lexicon" not in cls.inputs:
        return
    models = fitted(cls, inputs), small(cls).set_params(**setting).fit(*(inputs[name] for name in cls.inputs))
    seeing, blind = (model.vectors_ for model in models)
    learned = [{"vectors": model.vectors_.matrix, **model._tensors()} for model in models]
    assert any(not np.array_equal(tensor, learned[1][name]) for name, tensor in learned[0].items())
    if cls.inputs == ("lexicon",) and "hide_words" in setting:
        hidden = hidden_words(inputs["lexicon"], seeing.words, 0.5, seed=0)
        assert set(blind.words) == set(seeing.words) - set(hidden) and len(hidden) == 5
    else:
        assert blind.words == seeing.words


def test_saves_and_loads_to_equality(cls: type[Model], inputs: dict[str, Any], tmp_path: Path) -> None:
    model = fitted(cls, inputs)
    model.save(tmp_path / "model", data={"text": "tiny"})
    restored = load(tmp_path / "model")
    assert type(restored) is cls
    assert restored.get_params() == model.get_params()
    assert restored.history_ == model.history_
    np.testing.assert_array_equal(restored.vectors_.matrix, model.vectors_.matrix)
    tensors = restored._tensors()
    assert tensors.keys() == model._tensors().keys()
    for name, tensor in model._tensors().items():
        np.testing.assert_array_equal(tensors[name], tensor)
    assert WordVectors.load(tmp_path / "model").words == model.vectors_.words
    config = json.loads((tmp_path / "model" / "config.json").read_text())
    assert config["data"] == {"text": "tiny"} and config["versions"]["wordsight"] == wordsight.__version__
    assert (tmp_path / "model" / "README.md").is_file()


def test_keeps_the_scikit_learn_contract(cls: type[Model]) -> None:
    signature = inspect.signature(cls.__init__).parameters
    assert all(p.default is not inspect.Parameter.empty for name, p in signature.items() if name != "self")
    model = cls()
    params = model.get_params()
    assert list(params) == list(cls.defaults()) and params == cls.defaults()
    assert set(vars(model)) == set(params), "__init__ only stores hyperparameters"
    assert cls(**params).get_params() == params
    assert model.set_params(seed=7) is model and model.seed == 7
    assert repr(model) == f"{cls.__name__}(seed=7)"
    with pytest.raises(UnknownNameError, match="did you mean 'seed'"):
        model.set_params(sead=3)


def test_is_documented(cls: type[Model]) -> None:
    assert cls.citation and cls.title and cls.__doc__
    assert "seed" in cls.defaults()
    assert "lexicon" not in cls.inputs or {"control", "hide_words"} <= set(cls.defaults())
    assert (ROOT / "examples" / f"{cls.name}.py").is_file()
    assert cls.title in (ROOT / "docs" / "models.md").read_text()


def test_is_not_saved_before_fitting(cls: type[Model], tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="not fitted"):
        cls().save(tmp_path / "model")
    assert not any(tmp_path.iterdir())


def test_models_are_found_in_any_spelling() -> None:
    assert normalised("V-SGNS") == "vsgns"
    assert model_class("Image_Vec") is model_class("imagevec")
    with pytest.raises(UnknownNameError, match="did you mean 'pixie'"):
        model_class("pixi")


def test_vectors_without_a_model_and_other_models_are_refused(tmp_path: Path) -> None:
    WordVectors(["a", "b"], np.eye(2, dtype=np.float32)).save(tmp_path / "vectors")
    with pytest.raises(DataError, match="without a model"):
        load(tmp_path / "vectors")
    with pytest.raises(DataError, match="not pixie"):
        model_class("pixie").load(tmp_path / "vectors")

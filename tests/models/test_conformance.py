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
from wordsight.grounding.visual_words import hidden_words
from wordsight.models.base import Model
from wordsight.models.parameters import Parameter
from wordsight.models.registry import MODELS, load, model_class, normalised
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
    "imagevec": [{"pixels": False}],
    "imagevecmultitask": [{"image_weight": 0.0}],
    "iesg": [{"objective": "contrastive"}],
    "ivsgns": [{"mapping": "nonlinear", "mapping_epochs": 3}],
    "pixie": [{"samples": 2}],
    "vsgns": [{"mapping": "learnt"}],
    "wield": [{"output": "negatives"}],
}
"""Settings under which other loops run, which must go on from a checkpoint too, or other things are learned."""


class Stopped(BaseException):
    """The end of a run that is to be gone on with."""


def stop(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Ends a run when it has written so many checkpoints."""
    write, numbers = Checkpoints.write, itertools.count(1)

    def stopping(self: Checkpoints, *arguments: Any) -> None:
        write(self, *arguments)
        if next(numbers) == after:
            raise Stopped

    monkeypatch.setattr(Checkpoints, "write", stopping)


def small(cls: type[Model]) -> Model:
    known = cls.defaults()
    model = cls(**{name: value for name, value in SMALL.items() if name in known})
    if "workers" in known:
        model.set_params(workers=1)
    return model


def taken(cls: type[Model], inputs: dict[str, Any]) -> list[Any]:
    """What a model takes; texts beside other inputs in several languages are tagged."""
    return [inputs["tagged corpus" if name == "corpus" and "parallel" in cls.inputs else name] for name in cls.inputs]


def fitted(cls: type[Model], inputs: dict[str, Any]) -> Model:
    return small(cls).fit(*taken(cls, inputs))


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
        given, folder = taken(cls, inputs), tmp_path / str(number)
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
    other = small(cls).set_params(seed=1).fit(*taken(cls, inputs))
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


def learned(model: Model, inputs: dict[str, Any]) -> dict[str, Any]:
    """All that a fit leaves, but how fast it was."""
    left = {name: value for name, value in vars(model).items() if name not in model.get_params()}
    left |= {"vectors_": model.vectors_.matrix, "words": model.vectors_.words, "interrupted_": model.interrupted_}
    left["history_"] = [{k: v for k, v in row.items() if "per_second" not in k} for row in model.history_]
    left |= {f"tensor {name}": array for name, array in model._tensors().items()}
    image_vectors = getattr(model, "image_vectors", None)
    return left | ({"images": image_vectors(inputs["lexicon"].features)} if image_vectors else {})


def test_a_refit_equals_a_fresh_fit(cls: type[Model], inputs: dict[str, Any], other_inputs: dict[str, Any]) -> None:
    fresh = learned(fitted(cls, inputs), inputs)
    for variant in [{}, *VARIANTS.get(cls.name, [])]:
        model = small(cls).set_params(seed=1, **variant).fit(*taken(cls, other_inputs))
        model.interrupted_, model.encoder_ = True, {"name": "another"}
        again = learned(model.set_params(**small(cls).get_params()).fit(*taken(cls, inputs)), inputs)
        assert again.keys() == fresh.keys()
        for name, value in fresh.items():
            check_same(again[name], value, name)


def check_same(found: Any, wanted: Any, name: str) -> None:
    """Checks that learned arrays, dictionaries of them, and plain facts are the same."""
    if isinstance(wanted, np.ndarray):
        np.testing.assert_array_equal(found, wanted, err_msg=name)
    elif isinstance(wanted, dict):
        assert found.keys() == wanted.keys(), name
        for key, value in wanted.items():
            check_same(found[key], value, f"{name}[{key!r}]")
    elif isinstance(wanted, str | bool | list) and name not in ("mappings_",):
        assert found == wanted, name


def test_keeps_the_scikit_learn_contract(cls: type[Model]) -> None:
    signature = inspect.signature(cls).parameters
    assert {p.kind for p in signature.values()} == {inspect.Parameter.KEYWORD_ONLY}
    model = cls()
    params = model.get_params()
    assert params == cls.defaults() == {name: p.default for name, p in signature.items()}
    assert params == {name: getattr(cls, name) for name in params}
    assert set(vars(model)) == set(params), "the constructor only stores hyperparameters"
    assert model.set_params(seed=7) is model and model.seed == 7
    assert repr(model) == f"{cls.__name__}(seed=7)"
    with pytest.raises(UnknownNameError, match="did you mean 'seed'"):
        model.set_params(sead=3)
    with pytest.raises(TypeError):
        cls(sead=3)  # type: ignore[call-arg]


def test_can_be_cloned_as_scikit_learn_does(cls: type[Model]) -> None:
    params = small(cls).set_params(seed=np.int64(3)).get_params(deep=False)
    copy = cls(**params)
    assert all(copy.get_params(deep=True)[name] is value for name, value in params.items())


def test_what_is_written_can_be_read_back(cls: type[Model], inputs: dict[str, Any], tmp_path: Path) -> None:
    model = small(cls).set_params(seed=np.int64(3))
    model.fit(*taken(cls, inputs)).save(tmp_path / "model")
    assert load(tmp_path / "model").fingerprint == model.fingerprint
    assert cls.from_settings({k: "none" if v is None else v for k, v in model.get_params().items()}).seed == 3


class Unread:
    """An input that nothing may be asked of."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"{name} was read")

    def __iter__(self) -> Any:
        raise AssertionError("it was read")


def wrong_values(one: Parameter) -> list[Any]:
    """What a hyperparameter must refuse, from its declaration."""
    values: list[Any] = [object(), [1]] + ([] if one.optional else [None])
    if one.type in (int, float):
        bounds = one.bounds
        values += ["1", True, np.nan, np.inf, -np.inf]
        values += [limit - 1 for limit in (bounds.at_least,) if limit is not None]
        values += [limit + 1 for limit in (bounds.at_most,) if limit is not None]
        values += [one.type(limit) for limit in (bounds.above, bounds.below) if limit is not None]
    if one.type is int:
        values.append(1.5)
    if one.type is str:
        values += [1] + (["no such choice", ""] if one.bounds.choices else [])
    if one.type is bool:
        values += [0, "yes"]
    return values


def test_wrong_values_are_refused_before_anything_is_read(cls: type[Model]) -> None:
    inputs = [Unread() for _ in cls.inputs]
    for name, one in cls.parameters().items():
        for value in wrong_values(one):
            with pytest.raises(ParameterError, match=f"^{name} is .*; it must be [^\\n]*$"):
                cls().set_params(**{name: value}).fit(*inputs)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("transform", "center | l2", "unknown transform 'center'; did you mean 'centre'"), ("device", "tpu", "'tpu'")],
)
def test_transforms_and_devices_are_checked_before_anything_is_read(
    cls: type[Model], name: str, value: str, said: str
) -> None:
    if name in cls.defaults():
        with pytest.raises((ParameterError, UnknownNameError), match=said):
            cls().set_params(**{name: value}).fit(*(Unread() for _ in cls.inputs))


def test_values_at_the_bounds_are_taken(cls: type[Model]) -> None:
    for name, one in cls.parameters().items():
        edges = [one.bounds.at_least, one.bounds.at_most, *(one.bounds.choices or ())]
        values = [one.type(edge) for edge in edges if edge is not None] + [None] * one.optional
        for value in [*values, *(np.float32(v) for v in values if isinstance(v, float))]:
            cls(**{name: value}).validate()


def test_every_hyperparameter_says_what_it_means_and_what_it_may_be(cls: type[Model]) -> None:
    arguments = (cls.__doc__ or "").split("Args:\n")[1]
    for name, one in cls.parameters().items():
        assert f"    {name}: " in arguments
        assert one.doc and not one.doc.endswith(".") and not one.doc.startswith("of "), name
        if one.type in (int, float):
            assert one.bounds.at_least is not None or one.bounds.above is not None, f"{name} has no lower bound"
        elif one.type is str:
            assert one.bounds.choices or name in ("transform", "device"), name
    assert "Args:" not in cls.description


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

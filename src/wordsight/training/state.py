"""The state of a training loop: saved as a tree of JSON values and named arrays, and restored in place."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

import numpy as np

if TYPE_CHECKING:
    import torch


@runtime_checkable
class Stateful(Protocol):
    """An object whose state can be read and set, such as a module or an optimizer of torch."""

    def state_dict(self) -> dict[str, Any]:
        """The state: nested dicts and lists of arrays, tensors and JSON values."""
        ...

    def load_state_dict(self, state_dict: dict[str, Any]) -> Any:
        """Sets the state; arrays and tensors come as tensors."""
        ...


Changing: TypeAlias = "np.ndarray | torch.Tensor | torch.Generator | Stateful"
"""An object that a loop changes and that can be saved and restored in place."""
AllChanging: TypeAlias = "Mapping[str, Changing | Sequence[Changing]]"
"""All objects that a loop changes, by name."""


def _is(thing: Any, kind: str) -> bool:
    """Tells whether an object is of a kind of torch; False without importing torch, which is slow, if nothing has."""
    torch = sys.modules.get("torch")
    if torch is None:
        return False
    classes = {"tensor": torch.Tensor, "generator": torch.Generator, "optimizer": torch.optim.Optimizer}
    return isinstance(thing, classes[kind])


def split(tree: Any) -> tuple[Any, dict[str, np.ndarray]]:
    """Splits a tree of changing objects and JSON values into JSON values, which refer to arrays, and these by name."""
    arrays: dict[str, np.ndarray] = {}

    def walk(value: Any, name: str) -> Any:
        if _is(value, "generator"):
            value = value.get_state()
        elif _is(value, "optimizer"):
            value = value.state_dict()["state"]  # the other entries are settings
        elif isinstance(value, Stateful):
            value = value.state_dict()
        if _is(value, "tensor"):
            value = value.detach().cpu().numpy()
        if isinstance(value, np.ndarray):
            key = f"{len(arrays)} {name}"
            arrays[key] = value
            return {"array": key}
        if isinstance(value, Mapping):
            return {"items": [[key, walk(item, f"{name}.{key}")] for key, item in value.items()]}
        if isinstance(value, list | tuple):
            return [walk(item, f"{name}.{i}") for i, item in enumerate(value)]
        return value

    return walk(tree, "state"), arrays


def joined(tree: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """Joins the results of :func:`split` into nested dicts and lists with arrays.

    Raises:
        KeyError, TypeError: the tree is not a result of :func:`split`, or an array is missing.
    """
    if isinstance(tree, list):
        return [joined(item, arrays) for item in tree]
    if isinstance(tree, dict):
        if "array" in tree:
            return arrays[tree["array"]]
        return {key: joined(item, arrays) for key, item in tree["items"]}
    return tree


def put_back(thing: Any, state: Any) -> None:
    """Restores objects in place from a state that :func:`joined` returned.

    Raises:
        KeyError, ValueError, RuntimeError, AttributeError: the state does not fit the objects.
    """
    if _is(thing, "generator"):
        thing.set_state(_tensors(state))
    elif _is(thing, "optimizer"):
        groups = thing.param_groups
        thing.load_state_dict({"state": _tensors(state), "param_groups": thing.state_dict()["param_groups"]})
        thing.param_groups = groups  # callers hold references to these groups and set their learning rates
    elif _is(thing, "tensor") or isinstance(thing, np.ndarray):
        if tuple(state.shape) != tuple(thing.shape):
            raise ValueError(f"an array has the shape {list(state.shape)}, not {list(thing.shape)}")
        if isinstance(thing, np.ndarray):
            thing[...] = state
        else:
            thing.detach().copy_(_tensors(state))
    elif isinstance(thing, Stateful):
        thing.load_state_dict(_tensors(state))
    elif isinstance(thing, Mapping):
        for name, part in thing.items():
            put_back(part, state[name])
    else:
        for part, part_state in zip(thing, state, strict=True):
            put_back(part, part_state)


def _tensors(state: Any) -> Any:
    """A copy of the state with tensors in place of arrays."""
    import torch

    if isinstance(state, dict):
        return {key: _tensors(item) for key, item in state.items()}
    if isinstance(state, list):
        return [_tensors(item) for item in state]
    return torch.tensor(state) if isinstance(state, np.ndarray) else state  # a copy, aligned as all tensors are

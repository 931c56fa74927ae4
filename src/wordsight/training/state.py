"""The state of what a training loop changes, as a tree of JSON values and named arrays, and back in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch


@runtime_checkable
class Stateful(Protocol):
    """What can say all that it has learned and be put back there, as modules and optimizers of torch can."""

    def state_dict(self) -> dict[str, Any]:
        """The state: nested dicts and lists of arrays, tensors and JSON values."""
        ...

    def load_state_dict(self, state_dict: dict[str, Any]) -> Any:
        """Takes a state back; arrays and tensors are tensors."""
        ...


Changing = np.ndarray | torch.Tensor | torch.Generator | Stateful
"""What a loop changes: it can be saved and be put back in place."""
AllChanging = Mapping[str, Changing | Sequence[Changing]]
"""The same by name."""


def split(tree: Any) -> tuple[Any, dict[str, np.ndarray]]:
    """A tree with what changes and JSON values → JSON values that refer to arrays, and the arrays by name."""
    arrays: dict[str, np.ndarray] = {}

    def walk(value: Any, name: str) -> Any:
        if isinstance(value, torch.Generator):
            value = value.get_state()
        elif isinstance(value, torch.optim.Optimizer):
            value = value.state_dict()["state"]  # the rest are settings
        elif isinstance(value, Stateful):
            value = value.state_dict()
        if isinstance(value, torch.Tensor):
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
    """What was split, as nested dicts and lists with tensors in them.

    Raises:
        KeyError, TypeError: the tree is not one of :func:`split`, or an array is missing.
    """
    if isinstance(tree, list):
        return [joined(item, arrays) for item in tree]
    if isinstance(tree, dict):
        if "array" in tree:
            return torch.tensor(arrays[tree["array"]])  # a copy, aligned as all tensors are
        return {key: joined(item, arrays) for key, item in tree["items"]}
    return tree


def put_back(thing: Any, state: Any) -> None:
    """Puts what changes back into a state that :func:`joined` gave.

    Raises:
        KeyError, ValueError, RuntimeError, AttributeError: the state is of something else.
    """
    if isinstance(thing, torch.Generator):
        thing.set_state(state)
    elif isinstance(thing, torch.optim.Optimizer):
        groups = thing.param_groups
        thing.load_state_dict({"state": state, "param_groups": thing.state_dict()["param_groups"]})
        thing.param_groups = groups  # which hold the learning rates that others set
    elif isinstance(thing, torch.Tensor | np.ndarray):
        if tuple(state.shape) != tuple(thing.shape):
            raise ValueError(f"an array is {list(state.shape)}, not {list(thing.shape)}")
        with torch.no_grad():
            (torch.from_numpy(thing) if isinstance(thing, np.ndarray) else thing).copy_(state)
    elif isinstance(thing, Stateful):
        thing.load_state_dict(state)
    elif isinstance(thing, Mapping):
        for name, part in thing.items():
            put_back(part, state[name])
    else:
        for part, of_part in zip(thing, state, strict=True):
            put_back(part, of_part)

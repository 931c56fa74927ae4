"""Sparse Adam for tables in which a step touches few rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from wordsight.kernels.compiling import compile_kernel
from wordsight.kernels.row_adam import row_adam


class RowAdam(torch.optim.SparseAdam):
    """:class:`torch.optim.SparseAdam` that on the CPU makes one compiled pass over the touched rows.

    Arithmetic, settings and state are those of torch, which makes a dozen temporary arrays of the gradient's size.
    """

    def __init__(self, params: Any, lr: float) -> None:
        """Compiles the kernel.

        Args:
            params: tables [n_rows, dim].
            lr: learning rate.
        """
        super().__init__(params, lr=lr)
        for group, table in self._tables():
            none = torch.zeros(0, table.shape[1], dtype=table.dtype)
            compile_kernel(row_adam, *_arrays(none, none, none, none.new_zeros(0).long(), none), *_numbers(group, 1))

    def _tables(self) -> list[tuple[dict[str, Any], torch.Tensor]]:
        """The tables on the CPU, each with its group of settings."""
        return [(g, p) for g in self.param_groups for p in g["params"] if p.device.type == "cpu"]

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Makes a step; with a closure, torch's own code makes it."""
        for group, table in self._tables() if closure is None else ():
            if table.grad is None:
                continue
            state = self.state[table]
            if not state:
                state.update(step=0, exp_avg=torch.zeros_like(table), exp_avg_sq=torch.zeros_like(table))
            state["step"] += 1
            means, squares = state["exp_avg"], state["exp_avg_sq"]
            rows, gradients = table.grad._indices()[0], table.grad._values()
            arrays = _arrays(table, means, squares, rows, gradients)
            row_adam(*arrays, *_numbers(group, state["step"]))
            table.grad = None  # so that torch's step skips it
        return super().step(closure)  # type: ignore[no-untyped-call]


def _arrays(*tensors: torch.Tensor) -> list[np.ndarray]:
    return [tensor.detach().numpy() for tensor in tensors]


def _numbers(group: dict[str, Any], step: int) -> tuple[float, float, float, float]:
    """The kernel's settings for a step: learning rate with bias correction, β₁, β₂, ε."""
    first, second = group["betas"]
    rate = group["lr"] * (1 - second**step) ** 0.5 / (1 - first**step)
    return rate, first, second, group["eps"]

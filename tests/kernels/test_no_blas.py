"""No kernel calls BLAS: in threads of ours, OpenBLAS lets them wait for each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import wordsight.kernels

KERNELS = [
    path
    for path in sorted(Path(str(wordsight.kernels.__file__)).parent.glob("*.py"))
    if not path.stem.endswith("_reference")
]
PRODUCTS = {"dot", "vdot", "inner", "outer", "matmul", "tensordot", "einsum", "kron", "linalg"}
"""Names in NumPy of what numba compiles to calls of BLAS or LAPACK, and of their like."""


def compiled(source: str) -> list[ast.FunctionDef]:
    """The functions that numba compiles."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [node for node in found if any("njit" in ast.unparse(one) for one in node.decorator_list)]


def blas_calls(source: str) -> list[str]:
    """The expressions in compiled functions that numba gives to BLAS."""
    nodes = [node for function in compiled(source) for node in ast.walk(function)]
    return [
        ast.unparse(node)
        for node in nodes
        if (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult))
        or (isinstance(node, ast.Attribute) and node.attr in PRODUCTS)
    ]


@pytest.mark.parametrize("call", ["np.dot(a, b)", "a @ b", "a.dot(b)", "np.linalg.solve(a, b)", "np.outer(a, b)"])
def test_each_way_to_blas_is_seen(call: str) -> None:
    source = f"@kept_njit(nogil=True)\ndef train(a, b):\n    for _ in range(3):\n        c = {call}\n"
    assert blas_calls(source)
    assert not blas_calls(source.replace("@kept_njit(nogil=True)\n", ""))  # NumPy may


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.stem)
def test_no_kernel_calls_blas(path: Path) -> None:
    assert not blas_calls(path.read_text())


def test_there_are_kernels_to_look_at() -> None:
    assert sum(bool(compiled(path.read_text())) for path in KERNELS) > 8

from __future__ import annotations

import logging
import time

import pytest

from wordsight.kernels import compiling
from wordsight.kernels.compiling import compile_kernel


def test_only_what_takes_long_is_announced(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(compiling, "PATIENCE", 0.05)
    calls: list[float] = []

    def kernel(seconds: float) -> None:
        time.sleep(seconds)
        calls.append(seconds)

    with caplog.at_level(logging.INFO):
        compile_kernel(kernel, 0.0)
        time.sleep(0.1)
        assert not caplog.records
        compile_kernel(kernel, 0.3)
    assert calls == [0.0, 0.3]
    assert [record.message for record in caplog.records] == [
        "compiling for this processor, once; later runs start at once"
    ]

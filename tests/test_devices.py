"""What ``device`` and ``workers`` mean."""

from __future__ import annotations

import os

import pytest
import torch
from threadpoolctl import threadpool_info, threadpool_limits

from wordsight.devices import device, n_workers, threads
from wordsight.errors import ParameterError


def test_threads_are_as_before_after_the_block() -> None:
    before = torch.get_num_threads()
    with pytest.raises(RuntimeError, match="inside"), threads(before + 2):
        assert torch.get_num_threads() == before + 2
        with threads(1):
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == before + 2
        raise RuntimeError("inside")
    assert torch.get_num_threads() == before


def test_workers_are_at_least_one_and_by_default_one_a_core() -> None:
    assert n_workers(None) == os.cpu_count()
    assert n_workers(3) == 3
    with threads(None):
        assert torch.get_num_threads() == os.cpu_count()
    for wrong in (0, -1):
        with pytest.raises(ParameterError, match=f"workers is {wrong}; it must be at least 1, or None for one a core"):
            n_workers(wrong)
        with pytest.raises(ParameterError, match=f"workers is {wrong}"), threads(wrong):
            pytest.fail("the block must not run")


def test_devices() -> None:
    assert device("cpu").type == "cpu"
    assert device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    with pytest.raises(ParameterError, match="device is 'gpu'; write 'auto', 'cpu' or 'cuda'"):
        device("gpu")
    with pytest.raises(ParameterError, match=r"device is 'cuda:99', but there are \d+ CUDA devices"):
        device("cuda:99")


@pytest.mark.skipif(torch.backends.mps.is_available(), reason="this machine has that device")
def test_a_device_that_this_machine_lacks_is_one_clear_line() -> None:
    with pytest.raises(ParameterError, match=r"device is 'mps', which cannot be used here \(.*\); use 'cpu'$"):
        device("mps")


def blas_threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_blas_has_no_more_threads_than_torch_and_as_many_as_before_afterwards() -> None:
    before = blas_threads(), torch.get_num_threads()
    with pytest.raises(RuntimeError, match="inside"), threads(3), threads(1):
        assert torch.get_num_threads() == 1
        assert set(blas_threads()) == {1}
        raise RuntimeError("inside")
    assert (blas_threads(), torch.get_num_threads()) == before


def test_a_limit_that_the_user_set_for_blas_is_not_raised() -> None:
    with threadpool_limits(1, user_api="blas"), threads(2):
        assert torch.get_num_threads() == 2
        assert set(blas_threads()) == {1}

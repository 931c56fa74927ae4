import json
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wordsight.errors import DataError
from wordsight.storage.tensors import below, from_below, read_tensors, write_tensors

same_file = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
dtypes = st.sampled_from(["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "bool", ">f4"])
tensors = st.dictionaries(
    st.text(min_size=1).filter(lambda name: name != "__metadata__"),
    hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)),
    max_size=4,
)


def assert_same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert set(found) == set(expected)
    for name, array in expected.items():
        assert found[name].dtype == array.dtype.newbyteorder("<")
        np.testing.assert_array_equal(found[name], array)


@same_file
@given(tensors, st.booleans())
def test_round_trip(tmp_path: Path, arrays: dict[str, np.ndarray], mmap: bool) -> None:
    write_tensors(tmp_path / "a.safetensors", arrays)
    assert_same(read_tensors(tmp_path / "a.safetensors", mmap=mmap), arrays)


@same_file
@given(tensors)
def test_the_safetensors_package_reads_and_writes_the_same(tmp_path: Path, arrays: dict[str, np.ndarray]) -> None:
    native = {name: array.astype(array.dtype.newbyteorder("=")) for name, array in arrays.items()}
    write_tensors(tmp_path / "ours.safetensors", native)
    assert_same(safetensors.numpy.load_file(tmp_path / "ours.safetensors"), native)
    safetensors.numpy.save_file(native, tmp_path / "theirs.safetensors", metadata={"format": "np"})
    assert_same(read_tensors(tmp_path / "theirs.safetensors"), native)


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_tensors(path, {"vectors": np.ones((3, 5), dtype=np.float32), "n": np.arange(2)})
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"a\.safetensors is cut off"):
            read_tensors(path)


def test_a_mapped_array_is_read_only_and_backed_by_the_file(tmp_path: Path) -> None:
    write_tensors(tmp_path / "a.safetensors", {"vectors": np.ones((3, 5), dtype=np.float32)})
    array = read_tensors(tmp_path / "a.safetensors", mmap=True)["vectors"]
    assert isinstance(array, np.memmap)
    assert not array.flags.writeable


@pytest.mark.parametrize(
    "header",
    [
        b"no JSON",
        b"[1, 2]",
        b'"\xff"',
        json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}).encode(),
        json.dumps({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, -4]}}).encode(),
        json.dumps({"a": {"dtype": "F32", "shape": [1.0], "data_offsets": [0, 4]}}).encode(),
        json.dumps({"a": {"dtype": "F32", "shape": [1], "data_offsets": [-4, 0]}}).encode(),
        json.dumps({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4, 8]}}).encode(),
        json.dumps({"a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}).encode(),
        json.dumps({"a": {"shape": [2], "data_offsets": [0, 4]}}).encode(),
        json.dumps({"a": None}).encode(),
    ],
)
def test_a_damaged_header(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(16))
    with pytest.raises(DataError, match=r"a\.safetensors has a damaged header"):
        read_tensors(path)


def test_huge_sizes_are_refused_before_anything_is_allocated(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    header = json.dumps({"a": {"dtype": "F32", "shape": [10**9, 10**6], "data_offsets": [0, 4 * 10**15]}}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(100))
    with pytest.raises(DataError, match="cut off: it has"):
        read_tensors(path)
    path.write_bytes((2**63).to_bytes(8, "little") + bytes(100))
    with pytest.raises(DataError, match="cut off"):
        read_tensors(path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_an_os_error() -> None:
    with pytest.raises(OSError, match="No space left"):
        write_tensors(Path("/dev/full"), {"a": np.ones(100_000)})


def test_arrays_stand_among_others_by_a_prefix() -> None:
    mine, others = {"a": np.arange(2), "b.c": np.arange(3)}, {"mine": np.zeros(1), "mines.a": np.zeros(1)}
    among = others | below("mine", mine)
    assert set(among) == {"mine", "mines.a", "mine.a", "mine.b.c"}
    found = from_below("mine", among)
    assert found.keys() == mine.keys() and all(found[name] is mine[name] for name in mine)

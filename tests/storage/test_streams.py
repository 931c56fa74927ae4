import bz2
import errno
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.storage.streams import existing, open_binary, reading

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress}


def test_existing(tmp_path: Path) -> None:
    assert existing(str(tmp_path)) == tmp_path
    with pytest.raises(DataError, match=r"no such corpus: .*missing; check the path"):
        existing(tmp_path / "missing", what="corpus")


def test_open_binary_decompresses_by_the_ending(tmp_path: Path) -> None:
    for ending, compress in {**COMPRESSORS, ".txt": bytes}.items():
        (tmp_path / f"a{ending}").write_bytes(compress(b"some\ntext"))
        with open_binary(tmp_path / f"a{ending}") as stream:
            assert stream.read() == b"some\ntext"
    with pytest.raises(DataError, match="is a directory"):
        open_binary(tmp_path)
    with pytest.raises(DataError, match="no such file"):
        open_binary(tmp_path / "missing")


@pytest.mark.parametrize("ending", COMPRESSORS)
@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"no" + data[2:]])
def test_damaged_compressed_files(tmp_path: Path, ending: str, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(damage(COMPRESSORS[ending](np.random.default_rng(0).bytes(1000))))
    with pytest.raises(DataError, match="damaged or cut off"), reading(path) as stream:
        stream.read()


def test_reading_leaves_the_systems_errors_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(PermissionError), reading(tmp_path / "a"):
        raise PermissionError(errno.EACCES, "Permission denied")

import bz2
import errno
import gzip
import json
import lzma
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wordsight.errors import DataError, WriteError
from wordsight.storage.files import (
    existing,
    fingerprint,
    open_binary,
    read_config,
    read_lines,
    reading,
    replace_directory,
    replace_file,
    write_json,
    write_lines,
)

COMPRESSORS = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress}
FULL = OSError(errno.ENOSPC, "No space left on device")


def contents(folder: Path) -> dict[str, str | None]:
    return {str(p.relative_to(folder)): p.read_text() if p.is_file() else None for p in sorted(folder.rglob("*"))}


# Reading


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
def test_damaged_compressed_files(tmp_path: Path, ending: str, damage) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(damage(COMPRESSORS[ending](np.random.default_rng(0).bytes(1000))))
    with pytest.raises(DataError, match="damaged or cut off"), reading(path) as stream:
        stream.read()


def test_reading_leaves_the_systems_errors_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(PermissionError), reading(tmp_path / "a"):
        raise PermissionError(errno.EACCES, "Permission denied")


# Replacing a file


def test_replace_file_appears_only_when_whole(tmp_path: Path) -> None:
    path = tmp_path / "new/folder/a.txt"
    with replace_file(path) as temporary:
        temporary.write_text("first")
        assert not path.exists()
    assert contents(path.parent) == {"a.txt": "first"}
    with replace_file(path) as temporary:
        temporary.write_text("second")
        assert path.read_text() == "first"
    assert contents(path.parent) == {"a.txt": "second"}


@pytest.mark.parametrize(
    ("error", "raised"), [(FULL, WriteError), (WriteError("already clear"), WriteError), (ValueError("x"), ValueError),
                          (KeyboardInterrupt(), KeyboardInterrupt)]
)  # fmt: skip
def test_replace_file_keeps_the_old_one_on_any_error(
    tmp_path: Path, error: BaseException, raised: type[BaseException]
) -> None:
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(raised), replace_file(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise error
    assert contents(tmp_path) == {"a.txt": "old"}


def test_a_full_disk_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(WriteError) as caught, replace_file(tmp_path / "a.txt"):
        raise FULL
    message = str(caught.value)
    assert message.startswith(f"cannot write {tmp_path}/a.txt: No space left on device; free some space")
    assert "\n" not in message


def test_a_place_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a file")
    for replace in (replace_file, replace_directory):
        with pytest.raises(WriteError, match="cannot write"), replace(tmp_path / "a.txt" / "b"):
            pytest.fail("the block must not run")
    assert contents(tmp_path) == {"a.txt": "a file"}


# Replacing a directory


def test_replace_directory_appears_only_when_whole(tmp_path: Path) -> None:
    path = tmp_path / "new/model"
    with replace_directory(path) as temporary:
        (temporary / "config.json").write_text("1")
        (temporary / "old").write_text("")
        assert not path.exists()
    with replace_directory(path) as temporary:
        (temporary / "config.json").write_text("2")
        assert (path / "config.json").read_text() == "1"
    assert contents(path.parent) == {"model": None, "model/config.json": "2"}


@pytest.mark.parametrize(("error", "raised"), [(FULL, WriteError), (KeyboardInterrupt(), KeyboardInterrupt)])
def test_replace_directory_keeps_the_old_one_on_any_error(
    tmp_path: Path, error: BaseException, raised: type[BaseException]
) -> None:
    with replace_directory(tmp_path / "model") as temporary:
        (temporary / "config.json").write_text("old")
    with pytest.raises(raised), replace_directory(tmp_path / "model") as temporary:
        (temporary / "config.json").write_text("half")
        raise error
    assert contents(tmp_path) == {"model": None, "model/config.json": "old"}


def test_a_full_disk_while_renaming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise FULL

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(WriteError, match="No space left"), replace_directory(tmp_path / "model") as temporary:
        (temporary / "config.json").write_text("x")
    assert contents(tmp_path) == {}


def test_a_users_own_folder_or_file_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/cat.jpg").write_text("dear")
    (tmp_path / "thesis").write_text("dearer")
    before = contents(tmp_path)
    for name in ("photos", "thesis"):
        with pytest.raises(WriteError, match="was not written by wordsight"), replace_directory(tmp_path / name):
            pytest.fail("the block must not run")
    assert contents(tmp_path) == before


def test_an_empty_folder_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with replace_directory(tmp_path / "out") as temporary:
        (temporary / "config.json").write_text("x")
    assert contents(tmp_path / "out") == {"config.json": "x"}


# JSON, configuration, arrays, lines, fingerprints


def test_json_takes_numpy_numbers_and_paths(tmp_path: Path) -> None:
    value = {
        "n": np.int64(3),
        "x": np.float32(0.5),
        "flag": np.True_,
        "path": Path("a/b"),
        "word": "été",
        "pair": (1, 2),
    }
    write_json(tmp_path / "a.json", value)
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert text.endswith("}\n") and "été" in text
    assert json.loads(text) == {"n": 3, "x": 0.5, "flag": True, "path": "a/b", "word": "été", "pair": [1, 2]}
    with pytest.raises(TypeError, match="cannot write set"):
        write_json(tmp_path / "b.json", {1})


def test_read_config(tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", {"kind": "corpus", "format_version": 1, "n": 5})
    assert read_config(tmp_path, "corpus", version=1)["n"] == 5
    with pytest.raises(DataError, match=r"not a vectors directory: its config\.json says 'corpus'"):
        read_config(tmp_path, "vectors", version=1)
    with pytest.raises(DataError, match=r"newer wordsight \(format 1\); upgrade"):
        read_config(tmp_path, "corpus", version=0)
    for text in ('{"kind": ', "[]", '"\\ud800"', "null"):
        (tmp_path / "config.json").write_text(text)
        with pytest.raises(DataError, match=r"corpus directory|not valid JSON"):
            read_config(tmp_path, "corpus", version=1)
    (tmp_path / "config.json").write_bytes(b'{"kind": "\xff"}')
    with pytest.raises(DataError, match="not valid JSON"):
        read_config(tmp_path, "corpus", version=1)
    (tmp_path / "config.json").unlink()
    with pytest.raises(DataError, match=r"it has no config\.json"):
        read_config(tmp_path, "corpus", version=1)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)))))
def test_lines_round_trip(tmp_path: Path, lines: list[str]) -> None:
    write_lines(tmp_path / "a.txt", lines)
    assert read_lines(tmp_path / "a.txt") == lines


def test_read_lines_without_a_last_line_end_and_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a\nb")
    assert read_lines(tmp_path / "a.txt") == ["a", "b"]
    (tmp_path / "a.txt").write_bytes(b"a\nb\xff")
    with pytest.raises(DataError, match=r"not UTF-8 \(byte 3\)"):
        read_lines(tmp_path / "a.txt")


def test_fingerprints_tell_things_apart() -> None:
    array = np.arange(6)
    things = [
        ("a",),
        ("b",),
        ("a", "b"),
        ("ab",),
        (array,),
        (array.reshape(2, 3),),
        (array.astype(np.int32),),
        (array[::-1],),
    ]
    assert len({fingerprint(*parts) for parts in things}) == len(things)
    assert fingerprint("a", array) == fingerprint(b"a", array.copy())
    assert fingerprint(array.reshape(2, 3).T) == fingerprint(np.ascontiguousarray(array.reshape(2, 3).T))
    assert len(fingerprint("a")) == 16

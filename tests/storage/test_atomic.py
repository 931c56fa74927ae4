import errno
from pathlib import Path

import pytest

from wordsight.errors import WriteError
from wordsight.storage.atomic import replace_directory, replace_file

FULL = OSError(errno.ENOSPC, "No space left on device")


def contents(folder: Path) -> dict[str, str | None]:
    return {str(p.relative_to(folder)): p.read_text() if p.is_file() else None for p in sorted(folder.rglob("*"))}


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

import errno
import json
from pathlib import Path

import pytest

from wordsight.errors import WriteError
from wordsight.storage.atomic import delete_directory, replace_directory, replace_file
from wordsight.storage.json_toml import write_json

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


def write(directory: Path, version: str, *more: str) -> None:
    """The files of a corpus directory, as far as these tests are concerned."""
    write_json(directory / "config.json", {"kind": "corpus", "version": version})
    for name in more:
        (directory / name).touch()


def version(directory: Path) -> str:
    return str(json.loads((directory / "config.json").read_text())["version"])


def test_replace_directory_appears_only_when_whole_and_names_its_files(tmp_path: Path) -> None:
    path = tmp_path / "new/corpus"
    with replace_directory(path) as temporary:
        write(temporary, "1", "ids.npy")
        assert not path.exists()
    with replace_directory(path) as temporary:
        write(temporary, "2", "vocab.txt")
        assert version(path) == "1"
    assert version(path) == "2" and set(contents(path.parent)) == {"corpus", "corpus/config.json", "corpus/vocab.txt"}
    assert json.loads((path / "config.json").read_text())["files"] == ["config.json", "vocab.txt"]


@pytest.mark.parametrize(("error", "raised"), [(FULL, WriteError), (KeyboardInterrupt(), KeyboardInterrupt)])
def test_replace_directory_keeps_the_old_one_on_any_error(
    tmp_path: Path, error: BaseException, raised: type[BaseException]
) -> None:
    with replace_directory(tmp_path / "corpus") as temporary:
        write(temporary, "old")
    before = contents(tmp_path)
    with pytest.raises(raised), replace_directory(tmp_path / "corpus") as temporary:
        write(temporary, "half")
        raise error
    assert contents(tmp_path) == before


def test_a_full_disk_while_renaming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise FULL

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(WriteError, match="No space left"), replace_directory(tmp_path / "corpus") as temporary:
        write(temporary, "1")
    assert contents(tmp_path) == {}


def test_a_file_that_appears_while_the_directory_is_written_is_not_lost(tmp_path: Path) -> None:
    with replace_directory(tmp_path / "corpus") as temporary:
        write(temporary, "old")
    with (
        pytest.raises(WriteError, match=r"corpus holds dear\.txt, which wordsight did not write; move it away"),
        replace_directory(tmp_path / "corpus") as temporary,
    ):
        write(temporary, "new")
        (tmp_path / "corpus/dear.txt").write_text("dear")
    assert version(tmp_path / "corpus") == "old" and (tmp_path / "corpus/dear.txt").read_text() == "dear"


def test_of_a_link_the_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere/corpus")
    for number in ("1", "2"):
        with replace_directory(tmp_path / "link") as temporary:
            write(temporary, number)
            assert temporary.parent == tmp_path / "elsewhere"
        assert version(tmp_path / "elsewhere/corpus") == number and (tmp_path / "link").is_symlink()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["elsewhere", "link"]


def test_only_what_wordsight_wrote_is_deleted(tmp_path: Path) -> None:
    with replace_directory(tmp_path / "corpus") as temporary:
        write(temporary, "1")
    (tmp_path / "link").symlink_to("corpus")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/cat.jpg").touch()
    for name in ("link", "photos"):
        with pytest.raises(WriteError):
            delete_directory(tmp_path / name)
    delete_directory(tmp_path / "corpus")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["link", "photos"]

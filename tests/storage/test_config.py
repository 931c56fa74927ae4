import os
from pathlib import Path

import pytest

from wordsight.errors import DataError
from wordsight.storage.config import read_config
from wordsight.storage.json_toml import write_json


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


def test_what_leads_out_of_a_directory_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    directory = tmp_path / "corpus"
    directory.mkdir()
    write_json(directory / "config.json", {"kind": "corpus", "format_version": 1})
    (directory / "inner.txt").symlink_to("config.json")
    (tmp_path / "link").symlink_to("corpus")
    for path in (directory, tmp_path / "link"):
        assert read_config(path, "corpus", version=1)["kind"] == "corpus"
    (directory / "vocab.txt").symlink_to("../secret.txt")
    message = r"vocab\.txt is a link to a place outside of its directory; put the file itself there"
    with pytest.raises(DataError, match=message):
        read_config(directory, "corpus", version=1)
    (directory / "vocab.txt").unlink()
    os.mkfifo(directory / "vocab.txt")
    with pytest.raises(DataError, match=r"vocab\.txt is a pipe or a device, not a file; take it out"):
        read_config(directory, "corpus", version=1)

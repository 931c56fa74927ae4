from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wordsight.errors import DataError
from wordsight.storage.plain_text import read_lines, write_lines


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]))))
def test_lines_round_trip(tmp_path: Path, lines: list[str]) -> None:
    write_lines(tmp_path / "a.txt", lines)
    assert read_lines(tmp_path / "a.txt") == lines


def test_read_lines_without_a_last_line_end_and_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a\nb")
    assert read_lines(tmp_path / "a.txt") == ["a", "b"]
    (tmp_path / "a.txt").write_bytes(b"a\nb\xff")
    with pytest.raises(DataError, match=r"not UTF-8 \(byte 3\)"):
        read_lines(tmp_path / "a.txt")

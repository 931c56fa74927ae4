"""Tables that users bring."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.errors import DataError
from wordsight.storage.tables import read_table, sniff_delimiter


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
def test_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    lines = [["image", "caption", "weight"], ["a.jpg", "a red house", "2"], ["b.jpg", "ein Haus", ""]]
    table = read_table(write(tmp_path / "t.csv", "\n".join(delimiter.join(line) for line in lines)))
    assert len(table) == 2
    assert table.column("caption") == ["a red house", "ein Haus"]
    assert table.numbers("weight", default=1.0) == [2.0, 1.0]
    assert table.numbers("absent", default=0.5) == [0.5, 0.5]


def test_quotes_are_syntax_between_commas_and_text_between_tabs(tmp_path: Path) -> None:
    comma = read_table(write(tmp_path / "t.csv", 'image,caption\na.jpg,"a ""big"", red\nhouse"\n'))
    assert comma.column("caption") == ['a "big", red\nhouse']
    tab = read_table(write(tmp_path / "t.tsv", 'image\tcaption\na.jpg\t"quoted" 5\' tall\n'))
    assert tab.column("caption") == ['"quoted" 5\' tall']


def test_column_takes_the_first_name_there_is(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t.csv", "path,lang\nx,en\n"))
    assert table.column("image", "path") == ["x"]
    assert "lang" in table and "image" not in table


def test_missing_column_names_those_found(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t.csv", "path,lang\nx,en\n"))
    with pytest.raises(DataError, match=r"t\.csv has no column 'caption' or 'text'; its header has: path, lang"):
        table.column("caption", "text")


@pytest.mark.parametrize("bad", ["many", "nan", "inf"])
def test_number_that_is_none_names_the_line(tmp_path: Path, bad: str) -> None:
    table = read_table(write(tmp_path / "t.csv", f"word,weight\na,1\nb,{bad}\n"))
    with pytest.raises(DataError, match=rf"line 3: weight is '{bad}'"):
        table.numbers("weight", default=1.0)


@pytest.mark.parametrize("row", ["a", "a,b,c"])
def test_ragged_row_names_the_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(DataError, match=r"line 3: \d fields, but the header has 2"):
        read_table(write(tmp_path / "t.csv", f"word,image\nx,y\n{row}\n"))


def test_empty_headless_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is empty"):
        read_table(write(tmp_path / "e.csv", " \n"))
    with pytest.raises(DataError, match="no rows"):
        read_table(write(tmp_path / "h.csv", "word,image\n"))
    with pytest.raises(DataError, match="no such file"):
        read_table(tmp_path / "nowhere.csv")


def test_bytes_that_are_no_utf8_name_the_line(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("word,image\na,b\nköln,c\n".encode("latin-1"))
    with pytest.raises(DataError, match="line 3: not UTF-8"):
        read_table(tmp_path / "t.csv")


def test_byte_order_mark_windows_lines_and_gzip(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"\xef\xbb\xbfword,image\r\na,b\r\n"))
    table = read_table(tmp_path / "t.csv.gz")
    assert table.columns == {"word": ["a"], "image": ["b"]}


def test_truncated_gzip(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"word,image\n" + b"a,b\n" * 1000)[:-20])
    with pytest.raises(DataError, match="damaged or cut off"):
        read_table(tmp_path / "t.csv.gz")


def test_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "t.parquet"
    parquet.write_table(pa.table({"word": ["a", None], "weight": [1.5, 2.0]}), path)
    table = read_table(path)
    assert table.column("word") == ["a", ""]
    assert table.numbers("weight", default=1.0) == [1.5, 2.0]
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DataError, match="not a whole Parquet file"):
        read_table(path)


CELL = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n\t\0"), max_size=8)


@given(rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5))
def test_tab_separated_cells_come_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    path = tmp_path_factory.mktemp("table") / "t.tsv"
    write(path, "word\timage\n" + "".join(f"{a}\t{b}\n" for a, b in rows))
    table = read_table(path)
    assert list(zip(table.column("word"), table.column("image"), strict=True)) == rows


def test_one_column_has_no_delimiter() -> None:
    assert sniff_delimiter("word") == ","

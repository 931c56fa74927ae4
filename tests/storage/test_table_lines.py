from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError, UnknownNameError
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.storage.tables import read_table


def test_lines_are_those_of_the_file_whatever_is_quoted_or_blank(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('image,caption,weight\na,"two\nlines",1\n\nb,x,heavy\n')
    table = read_table(path)
    assert table.where(0) == f"{path}, line 3" and table.where(1) == f"{path}, line 5"
    with pytest.raises(DataError, match="line 5: weight is 'heavy'"):
        table.numbers("weight", default=1.0)


def test_images_that_are_not_there_are_named_with_their_line(tmp_path: Path) -> None:
    features = ImageFeatures(["a.jpg", "b.jpg"], np.eye(2))
    path = tmp_path / "t.csv"
    path.write_text("image,caption,word\na.jpg,x,w\nfolder/b.jpg,y,v\n")
    for read in (VisualLexicon.from_table, ImageCaptions.from_table):
        with pytest.raises(
            UnknownNameError, match=r"t\.csv, line 3: unknown image 'folder/b\.jpg'; did you mean 'b\.jpg'"
        ):
            read(path, features)


def test_parquet_has_rows(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pa.table({"image": ["a", "b"], "weight": ["1", "x"]}), tmp_path / "t.parquet")
    with pytest.raises(DataError, match=r"t\.parquet, row 2: weight is 'x'"):
        read_table(tmp_path / "t.parquet").numbers("weight", default=1.0)

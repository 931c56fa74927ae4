"""ImageCaptions: texts with their images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures


@pytest.fixture
def features() -> ImageFeatures:
    return ImageFeatures(["a.jpg", "b.jpg", "c.jpg"], np.eye(3, dtype=np.float32))


def test_table_with_all_columns(tmp_path: Path, features: ImageFeatures) -> None:
    path = tmp_path / "captions.tsv"
    path.write_text("image\tcaption\tlanguage\tweight\nc.jpg\ta cat\ten\t2\na.jpg\tein Hund\tde\t\n")
    captions = ImageCaptions.from_table(path, features)
    assert captions.captions == ["a cat", "ein Hund"]
    assert captions.image_rows.tolist() == [2, 0] and captions.image_rows.dtype == np.int64
    assert captions.languages == ["en", "de"]
    assert captions.weights.tolist() == [2.0, 1.0] and captions.weights.dtype == np.float32
    assert len(captions) == 2


def test_table_with_only_the_needed_columns(tmp_path: Path, features: ImageFeatures) -> None:
    path = tmp_path / "captions.csv"
    path.write_text("image,caption\nb.jpg,a cat\n")
    captions = ImageCaptions.from_table(path, features)
    assert captions.languages is None and captions.weights.tolist() == [1.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("image,title\na.jpg,x\n", "no column 'caption' or 'text'; its header has: image, title"),
        ("image,caption\na.jpg,x\na.jpg, \n", "line 3: the caption is empty"),
        ("image,caption,weight\na.jpg,x,-2\n", "line 2: weight is -2"),
        ("image,caption,lang\na.jpg,x,\n", "line 2: the language is empty"),
    ],
)
def test_bad_tables(tmp_path: Path, features: ImageFeatures, text: str, message: str) -> None:
    path = tmp_path / "captions.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        ImageCaptions.from_table(path, features)


def test_unknown_image(tmp_path: Path, features: ImageFeatures) -> None:
    path = tmp_path / "captions.csv"
    path.write_text("image,caption\nz.jpg,x\n")
    with pytest.raises(UnknownNameError, match=r"z\.jpg"):
        ImageCaptions.from_table(path, features)


def test_concat(features: ImageFeatures) -> None:
    first = ImageCaptions(["x"], np.array([1]), features, languages=["en"], weights=np.array([3.0]))
    second = ImageCaptions(["y", "z"], np.array([0, 2]), features, languages=["de", "fr"])
    both = ImageCaptions.concat([first, second])
    assert both.captions == ["x", "y", "z"] and both.languages == ["en", "de", "fr"]
    assert both.image_rows.tolist() == [1, 0, 2] and both.weights.tolist() == [3.0, 1.0, 1.0]


def test_concat_that_does_not_fit(features: ImageFeatures) -> None:
    plain = ImageCaptions(["x"], np.array([1]), features)
    with pytest.raises(ParameterError, match="some have none"):
        ImageCaptions.concat([plain, ImageCaptions(["x"], np.array([1]), features, languages=["en"])])
    other = ImageFeatures(["p", "q"], np.eye(2, dtype=np.float32))
    with pytest.raises(ParameterError, match="different images"):
        ImageCaptions.concat([plain, ImageCaptions(["x"], np.array([1]), other)])
    with pytest.raises(ParameterError, match="at least one"):
        ImageCaptions.concat([])


@pytest.mark.parametrize(
    ("captions", "rows", "options", "message"),
    [
        ([], [], {}, "no caption"),
        (["x"], [0, 1], {}, "1 captions, but 2 image rows"),
        (["x"], [3], {}, "outside 0 … 2"),
        (["x", ""], [0, 0], {}, "caption 2 is empty"),
        (["x"], [0], {"languages": ["en", "de"]}, "but 2 languages"),
        (["x"], [0], {"languages": [""]}, "no language"),
        (["x"], [0], {"weights": np.array([0.0])}, "not all 0"),
        (["x"], [0], {"weights": np.array([np.inf])}, "finite"),
    ],
)
def test_parts_that_do_not_fit(
    features: ImageFeatures, captions: list[str], rows: list[int], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        ImageCaptions(captions, np.array(rows, dtype=int), features, **options)


def test_the_tokenizer_goes_with_the_captions() -> None:
    features = ImageFeatures(["a", "b"], np.eye(2))
    captions = ImageCaptions(["犬", "猫"], np.array([0, 1]), features).with_tokenizer("icu")
    assert captions.subset(np.array([0])).tokenizer == "icu" == ImageCaptions.concat([captions, captions]).tokenizer
    assert captions.fingerprint != captions.with_tokenizer("words").fingerprint
    with pytest.raises(ParameterError, match="tokenizers icu and words"):
        ImageCaptions.concat([captions, captions.with_tokenizer("words")])
    with pytest.raises(UnknownNameError, match="did you mean 'words'"):
        captions.with_tokenizer("word")

"""Bad tables of words and images, captions, rated pairs and dictionaries."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from tests.robustness.bad_inputs import BadInput, written

from wordsight.cli._training_recipe import read_recipe
from wordsight.evaluation.data.candidates import Candidates
from wordsight.evaluation.data.dictionaries import read_dictionary
from wordsight.evaluation.data.rated_pairs import read_pairs
from wordsight.grounding.caption_files import coco_captions, karpathy_captions
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures

FEATURES = ImageFeatures(["1.png", "2.png", "3.png"], np.eye(3, dtype=np.float32))


def lexicon(path: Path) -> VisualLexicon:
    return VisualLexicon.from_table(path, FEATURES)


def captions(path: Path) -> ImageCaptions:
    return ImageCaptions.from_table(path, FEATURES)


def table(what: str, content: bytes | str, handled: str | None = None, holds: Callable[[Any], bool] = bool) -> BadInput:
    return BadInput(what, written("labels.csv", content), lexicon, handled, holds)


def all_written(name: str, read: Callable[[Path], Any], contents: Mapping[str, bytes | str]) -> list[BadInput]:
    """Files of one name for one reader, by what is wrong with them."""
    return [BadInput(what, written(name, content), read) for what, content in contents.items()]


def captioned(what: str, content: bytes | str) -> BadInput:
    return BadInput(what, written("captions.csv", content), captions)


def parquet(folder: Path, damage: Callable[[bytes], bytes] = bytes, n: int = 3, names: str = "word image") -> Path:
    """A Parquet file whose rows are all the same, so that it is small whatever n."""
    import pyarrow
    from pyarrow import parquet

    path = folder / "labels.parquet"
    values = [pyarrow.DictionaryArray.from_arrays(np.zeros(n, np.int8), [value]) for value in ("goose", "1.png")]
    parquet.write_table(pyarrow.table(values, names=names.split()), path)
    path.write_bytes(damage(path.read_bytes()))
    return path


def json_of(what: str, content: str, read: Callable[..., Any], *more: Any) -> BadInput:
    return BadInput(what, written("captions.json", content), lambda path: read(path, *more))


TABLES = [
    table("an empty table", ""),
    table("a header without rows", "word,image\n"),
    table("a column missing", "word,picture\ngoose,1.png\n"),
    table("a line with too many fields", "word,image\ngoose,1.png\nduck,2.png,\n"),
    table("a line with too few fields", "word,image\ngoose\n"),
    table("two columns of one name", "word,image,word\ngoose,1.png,duck\n"),
    table("Latin-1", "word,image\ngäns,1.png\n".encode("latin-1")),
    table("a carriage return within a line", "word,image\ngoose\rduck,1.png\n"),
    table("a field of 20 MB", "word,image\n" + "x" * 20_000_000 + ",1.png\n"),
    table("a quotation mark that is not closed", 'word,image\n"goose,1.png\nduck,2.png\n'),
    table("an empty word", "word,image\n,1.png\n"),
    table("a word with a line end in it", 'word,image\n"go\nose",1.png\n'),
    table("an image that is not among the features", "word,image\ngoose,9.png\n"),
    table("a weight that is no number", "word,image,weight\ngoose,1.png,much\n"),
    table("an infinite weight", "word,image,weight\ngoose,1.png,inf\n"),
    table("a negative weight", "word,image,weight\ngoose,1.png,-1\n"),
    table("a byte order mark", "\ufeffword,image\ngoose,1.png\n", "it is left out", lambda r: r.words == ["goose"]),
    table("CRLF line ends", "word,image\r\ngoose,1.png\r\n", "they are line ends", lambda r: r.words == ["goose"]),
    table(
        "a word with a blank in it",
        "word,image\nNew York,1.png\n",
        "it is a word, which no text has",
        lambda r: r.words == ["New York"],
    ),
    table(
        "a word and image twice",
        "word,image\ngoose,1.png\ngoose,1.png\n",
        "their weights add up",
        lambda r: r.weights.tolist() == [2],
    ),
    table(
        "a NUL in a word", "word,image\ngo\0ose,1.png\n", "it is a part of the word", lambda r: r.words == ["go\0ose"]
    ),
    BadInput("Parquet, cut off", functools.partial(parquet, damage=lambda data: data[:-20]), lexicon),
    BadInput(
        "Parquet, damaged", functools.partial(parquet, damage=lambda data: data[:4] + bytes(99) + data[103:]), lexicon
    ),
    BadInput("Parquet with two columns of one name", functools.partial(parquet, names="word word"), lexicon),
    BadInput("a Parquet bomb: 34 million rows in some kilobytes", functools.partial(parquet, n=34_000_000), lexicon),
    captioned("an empty caption", "image,caption\n1.png, \n"),
    captioned("captions of weight 0 only", "image,caption,weight\n1.png,goose,0\n"),
    captioned("a language missing", "image,caption,language\n1.png,goose,\n"),
]

PAIRS = [
    *all_written(
        "pairs.txt",
        read_pairs,
        {
            "an empty file of rated pairs": "",
            "a pair without a score": "goose duck\n",
            "a score that is no number": "goose\tduck\thigh\n",
            "an infinite score": "goose\tduck\tinf\n",
            "a score that is NaN": "goose\tduck\tnan\n",
            "a word missing": "goose\t\t3\n",
            "more fields in one line than in the others": "goose duck 3\nsea bird lake 2\n",
        },
    ),
    *all_written(
        "dictionary.txt",
        read_dictionary,
        {
            "an empty dictionary": "\n\n",
            "three words in a line of a dictionary": "goose oie Gans\n",
            "a translation missing": "goose\t\n",
            "a dictionary in Latin-1": "Gans\toie\nS\xfcden\tsud\n".encode("latin-1"),
        },
    ),
]
JSON = [
    json_of("COCO captions that are cut off", '{"images": [{"id": 1', coco_captions, FEATURES),
    json_of("COCO captions without annotations", '{"images": []}', coco_captions, FEATURES),
    json_of("COCO captions that are a list", "[1, 2]", coco_captions, FEATURES),
    json_of("an annotation of an image that is not listed",
            '{"images": [], "annotations": [{"image_id": 7, "caption": "x"}]}', coco_captions, FEATURES),
    json_of("JSON that is nested 100,000 deep", "[" * 100_000, coco_captions, FEATURES),
    json_of("a number of 5,000 digits in JSON", '{"images": ' + "9" * 5000 + "}", coco_captions, FEATURES),
    json_of("Karpathy's splits of other images",
            '{"images": [{"filename": "9.jpg", "split": "train", "sentences": [{"raw": "x"}]}]}', karpathy_captions,
            FEATURES),
    json_of("matching candidates with an index that no word has",
            '{"kind": "matching candidates", "format_version": 1, "image_ids": ["a"], "words": ["w"], "seed": 0, '
            '"right_words": [7], "other_words": [[0]], "other_images": [[0]]}', Candidates.load),
    json_of("matching candidates with a number that is too large",
            '{"kind": "matching candidates", "format_version": 1, "image_ids": ["a"], "words": ["w"], "seed": 0, '
            '"right_words": [99999999999999999999], "other_words": [[0]], "other_images": [[0]]}', Candidates.load),
]  # fmt: skip
RECIPES = all_written(
    "recipe.toml",
    read_recipe,
    {
        "a recipe that is not TOML": "[model\nname = 3",
        "a recipe with a section that there is not": "[modle]\nname = 3\n",
        "a recipe that is nested 100,000 deep": "a = " + "[" * 100_000,
        "a recipe in Latin-1": "# S\xfcden\n".encode("latin-1"),
    },
)
GROUPS = {"Tables": TABLES, "Rated pairs and dictionaries": PAIRS, "JSON": JSON, "Recipes": RECIPES}

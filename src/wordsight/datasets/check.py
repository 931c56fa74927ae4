"""Recognises the kind of a file or folder, and finds what is wrong with it."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wordsight.datasets._file_kinds import KINDS, FileKind
from wordsight.errors import DataError, WordsightError
from wordsight.evaluation.data import rated_pairs
from wordsight.evaluation.data.multi_simlex import has_translations
from wordsight.evaluation.data.rated_sets import read_sets
from wordsight.evaluation.data.semsim import is_semsim
from wordsight.grounding import captions, lexicon, wordnet
from wordsight.images.decoding import SUFFIXES
from wordsight.images.features import ImageFeatures
from wordsight.storage.archives import open_tar, samples
from wordsight.storage.json_toml import parse_json
from wordsight.storage.streams import existing, reading
from wordsight.storage.tables import read_table, sniff_delimiter
from wordsight.text.corpus import Corpus
from wordsight.vectors.formats import registry
from wordsight.vectors.word_vectors import WordVectors

_HEAD_BYTES = 1 << 20
_HEAD_LINES = 1000
"""How many lines of a text are looked at."""
_MOST_PROBLEMS = 10


@dataclass(frozen=True)
class Report:
    """The result of a check."""

    path: Path
    kind: str
    """The kind, e.g. ``"similarity file"``; ``"unknown"`` where nothing fits."""
    found: str
    """Counts and columns, in words."""
    problems: tuple[str, ...] = ()
    """What is wrong, with line numbers where there are lines."""
    use: str = ""
    """What to do with it."""

    @property
    def ok(self) -> bool:
        """True where the kind is known and nothing is wrong."""
        return self.kind != "unknown" and not self.problems


def check(path: str | os.PathLike[str]) -> Report:
    """Recognises text, a table, a similarity file, vectors, a folder of images, or what wordsight wrote.

    Raises:
        DataError: the path does not exist.
    """
    path = existing(path)
    try:
        return _check_directory(path) if path.is_dir() else _check_file(path)
    except WordsightError as error:
        return Report(path, "unknown", "not readable", (str(error),))


def _check_directory(path: Path) -> Report:
    if (vectors := registry.by_content(path)) and vectors.name != "native":  # which any directory might be
        return _check_vectors(path, vectors.title)
    if (path / "config.json").is_file():
        return _check_written(path)
    shards = sorted(path.glob("*.tar"))
    if shards:
        return _check_shards(path, shards)
    images = [p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES]
    folders = {p.parent for p in images} - {path}
    if not images:
        return Report(path, "unknown", "a folder without images, tar shards or a config.json")
    empty = tuple(f"{p} is empty" for p in images if p.stat().st_size == 0)
    if folders and all(wordnet.SYNSET.fullmatch(folder.name) for folder in folders):
        found = f"{len(images)} images in {len(folders)} synset folders"
        return Report(path, "ImageNet folders", found, empty, "wordsight extract, then VisualLexicon.from_wordnet")
    found = f"{len(images)} images" + (f" in {len(folders)} folders" if folders else "")
    return Report(path, "image folder", found, empty, "wordsight extract")


def _corpus(path: Path) -> str:
    corpus = Corpus.load(path)
    return f"{len(corpus.ids)} tokens of {len(corpus.vocabulary)} words"


def _features(path: Path) -> str:
    features = ImageFeatures.load(path)
    return f"{len(features)} images, {features.n_features} features each, encoder {features.encoder}"


def _vectors(path: Path) -> str:
    vectors = WordVectors.load(path)
    return f"{len(vectors)} words, {vectors.dim} dimensions"


_WRITTEN: dict[str, tuple[Callable[[Path], str], str]] = {
    "corpus": (_corpus, "wordsight train"),
    "features": (_features, "wordsight train, with a table of words or captions"),
    "vectors": (_vectors, "wordsight eval, wordsight neighbors"),
}
"""Kind in config.json → the function that opens and describes it, and its use."""


def _check_written(path: Path) -> Report:
    """Checks a directory that wordsight wrote, with the class that reads it."""
    try:
        kind = parse_json((path / "config.json").read_bytes(), path)["kind"]
        describe, use = _WRITTEN[kind]
    except (ValueError, TypeError, KeyError):
        problem = f"config.json does not say a kind among {', '.join(_WRITTEN)}"
        return Report(path, "unknown", "a directory with a config.json", (problem,))
    try:
        return Report(path, f"{kind} directory", describe(path), (), use)
    except WordsightError as error:
        return Report(path, f"{kind} directory", "not readable", (str(error),))


def _check_shards(path: Path, shards: list[Path]) -> Report:
    """Checks img2dataset's shards: tars of KEY.jpg, KEY.txt, KEY.json."""
    n_images = n_captions = 0
    problems = []
    for shard in shards:
        try:
            with open_tar(shard) as tar:
                names = [Path(f"{key}.{ending}") for key, ending, _ in samples(tar)]
        except DataError as error:
            problems.append(str(error))
            continue
        captions = {name.stem for name in names if name.suffix == ".txt"}
        images = {name.stem for name in names if name.suffix.lower() in SUFFIXES}
        n_images, n_captions = n_images + len(images), n_captions + len(images & captions)
        if not images:
            problems.append(f"{shard.name} has no image")
    found = f"{n_images} images, {n_captions} of them with a caption, in {len(shards)} shards"
    return Report(path, "img2dataset shards", found, tuple(problems), "wordsight extract")


_TABLES = (
    # kind, for each needed column the names it may have, use
    ("caption table", captions.COLUMNS, "ImageCaptions.from_table: wordsight train imagevec"),
    ("word-image table", lexicon.COLUMNS, "VisualLexicon.from_table: wordsight train pixie"),
    ("synset table", wordnet.COLUMNS, "VisualLexicon.from_wordnet"),
    ("address table", (("url",), ("caption",)), "fetch the images with img2dataset, then wordsight extract"),
)
_COLUMNS = {name for _, columns, _ in _TABLES for names in columns for name in names}


def _check_file(path: Path) -> Report:
    if path.suffix == ".tar":
        return _check_shards(path, [path])
    if path.suffix == ".npy":
        return _check_kind(path, next(kind for kind in KINDS if kind.recognises(path, ())))
    if vectors := registry.by_content(path):
        return _check_vectors(path, vectors.title)
    if path.suffix == ".parquet" or ".jsonl" in path.suffixes[-2:]:
        return _check_table(path, read_table(path).columns)
    with reading(path) as stream:
        data = stream.read(_HEAD_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(data) - 4 or len(data) < _HEAD_BYTES:  # else the head ends within a character
            return _not_text(path, data, error.start)
        text = data[: error.start].decode("utf-8-sig")
    return _check_text(path, [line for line in text.split("\n") if line.strip()][:_HEAD_LINES])


def _not_text(path: Path, data: bytes, position: int) -> Report:
    if b"\0" in data:
        return Report(path, "unknown", "binary data", ("neither text, a table nor word vectors",))
    line = data.count(b"\n", 0, position) + 1
    return Report(path, "text", "not readable", (f"line {line}: not UTF-8; convert the file to UTF-8",))


def _check_text(path: Path, head: list[str]) -> Report:
    if not head:
        return Report(path, "unknown", "an empty file", ("there is nothing in it",))
    header = [name.strip() for name in head[0].split(sniff_delimiter(head[0]))]
    if len(header) > 1 and _COLUMNS.intersection(header):
        return _check_table(path, header)
    if kind := next((kind for kind in KINDS if kind.recognises(path, head)), None):
        return _check_kind(path, kind)
    rows = rated_pairs.split_rows("\n".join(head))
    if is_semsim(head[0]) or has_translations(header) or rated_pairs.header_columns(rows[0][1]) or _mostly_rated(rows):
        return _check_similarity(path)
    found = f"{sum(len(line.split()) for line in head)} tokens in the first {len(head)} lines"
    return Report(path, "text", found, (), "wordsight encode-text")


def _check_table(path: Path, header: Iterable[str]) -> Report:
    names = set(header)
    fitting = [(kind, columns, use) for kind, columns, use in _TABLES if all(names & set(c) for c in columns)]
    if not fitting:
        needed = "; ".join(f"{kind}: {', '.join(c[0] for c in columns)}" for kind, columns, _ in _TABLES)
        problem = f"its columns fit no kind of table ({needed})"
        return Report(path, "unknown", f"a table with the columns {', '.join(header)}", (problem,))
    kind, columns, use = fitting[0]
    try:
        table = read_table(path)
        table.numbers("weight", default=1.0)
    except DataError as error:
        return Report(path, kind, "not readable", (str(error),))
    empty = (
        f"{table.where(row).removeprefix(f'{path}, ')}: {name} is empty"
        for name in [next(n for n in c if n in table) for c in columns]
        for row, value in enumerate(table.column(name))
        if not value.strip()
    )
    return Report(path, kind, f"{len(table)} rows; columns {', '.join(table.columns)}", _first(empty), use)


def _first(problems: Iterable[str]) -> tuple[str, ...]:
    """Returns the first problems, and how many more there are."""
    listed = list(problems)
    more = len(listed) - _MOST_PROBLEMS
    return (*listed[:_MOST_PROBLEMS], *([f"and {more} more"] if more > 0 else []))


def _check_kind(path: Path, kind: FileKind) -> Report:
    try:
        return Report(path, kind.kind, kind.describe(path), (), kind.use)
    except DataError as error:
        return Report(path, kind.kind, "not readable", (str(error),))


def _mostly_rated(rows: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """Tells whether most lines have two words and then a number, which a part of speech may stand before."""
    rated = [len(fields) > 2 and any(math.isfinite(rated_pairs.number(f)) for f in fields[2:4]) for _, fields in rows]
    return sum(rated) > len(rated) / 2


def _check_similarity(path: Path) -> Report:
    try:
        sets = read_sets(path)
    except DataError as error:
        return Report(path, "similarity file", "not readable", (str(error),))
    several = f" in {len(sets)} data sets" if len(sets) > 1 else ""
    return Report(path, "similarity file", f"{sum(map(len, sets))} word pairs{several}", (), "wordsight eval")


def _check_vectors(path: Path, kind: str) -> Report:
    try:
        vectors = WordVectors.load(path)
    except DataError as error:
        return Report(path, kind, "not readable", (str(error),))
    return Report(
        path, kind, f"{len(vectors)} words, {vectors.dim} dimensions", (), "wordsight eval, wordsight neighbors"
    )

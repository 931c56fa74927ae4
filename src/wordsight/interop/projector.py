"""TensorBoard's projector: vectors, words, and a sprite of the words' pictures, in a directory for ``--logdir``."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from wordsight.errors import DataError, ParameterError, check_at_least_1
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.decoding import BrokenImage, decode, pillow_warnings
from wordsight.images.image_files import ImageFile, find_images
from wordsight.progress import progress
from wordsight.storage.atomic import replace_directory
from wordsight.storage.json_toml import write_json
from wordsight.text.language_tags import language_of
from wordsight.vectors.word_vectors import WordVectors

MOST_POINTS = 100_000
"""How many points the projector keeps."""
MOST_PIXELS = 8192
"""How wide and high a sprite may be: browsers draw no larger ones."""
CELL = 64
"""Pixels of a picture's side, where so many fit."""
_ROWS = 4096

log = logging.getLogger(__name__)


def to_projector(
    vectors: WordVectors,
    directory: str | os.PathLike[str],
    *,
    lexicon: VisualLexicon | None = None,
    images: str | os.PathLike[str] | None = None,
    limit: int = MOST_POINTS,
) -> int:
    """Writes a directory for ``tensorboard --logdir DIRECTORY``; an older one that this function wrote is replaced.

    Args:
        vectors: the words.
        directory: where to.
        lexicon: with it only words with a picture are written, each with its first; None: no pictures.
        images: where the lexicon's images are: a folder, a table or shards, see
            :func:`wordsight.images.image_files.find_images`.
        limit: at most so many words from the beginning, at most 100,000.

    Returns:
        How many words were written.

    Raises:
        ParameterError: a lexicon without images, images without a lexicon, or too high a limit.
        DataError: no word has a picture, or a word has a tab or line end in it.
        WriteError: the directory cannot be written, or something else is there.
    """
    check_at_least_1(limit=limit)
    if limit > MOST_POINTS:
        raise ParameterError(f"limit is {limit}; the projector keeps at most {MOST_POINTS} points")
    rows, pictures = np.arange(min(limit, len(vectors))), None
    if lexicon is not None and images is not None:
        rows, pictures = _with_pictures(vectors, lexicon, images, limit)
    elif lexicon is not None or images is not None:
        raise ParameterError("pictures need both lexicon= and images=, where their files are")
    words = [vectors.words[row] for row in rows]
    _check(words)
    with replace_directory(directory) as temporary:
        _write_tensors(temporary / "tensors.tsv", vectors.matrix, rows)
        (temporary / "metadata.tsv").write_text(_metadata(words, vectors.languages), encoding="utf-8")
        cell = _write_sprite(temporary / "sprite.png", pictures) if pictures is not None else None
        (temporary / "projector_config.pbtxt").write_text(_config(cell), encoding="utf-8")
        write_json(temporary / "config.json", {"kind": "projector", "n_words": len(words), "dim": vectors.dim})
    return len(words)


def _with_pictures(
    vectors: WordVectors, lexicon: VisualLexicon, images: str | os.PathLike[str], limit: int
) -> tuple[np.ndarray, list[ImageFile]]:
    """The rows of the words with a picture, int64 ``[n]``, and each one's first picture that there is a file of."""
    files = {image.id: image for image in find_images(images)}
    ids = lexicon.features.ids
    found: dict[int, ImageFile] = {}
    for word, row in zip(lexicon.words, vectors.rows(lexicon.words).tolist(), strict=True):
        picture = next((files[ids[i]] for i in lexicon.images(word) if ids[i] in files), None)
        if row >= 0 and picture is not None:
            found[row] = picture
    if not found:
        raise DataError(
            f"no word has a picture in {os.fspath(images)}; the lexicon's images are called like {ids[0]!r}, and its "
            f"words like {lexicon.words[0]!r}"
        )
    rows = sorted(found)[:limit]
    return np.array(rows), [found[row] for row in rows]


def _check(words: Sequence[str]) -> None:
    bad = next((word for word in words if not word.strip() or set(word) & set("\t\n\r")), None)
    if bad is not None:
        raise DataError(f"the word {bad!r} is blank or has a tab or line end in it, which the projector cannot show")


def _write_tensors(path: Path, matrix: np.ndarray, rows: np.ndarray) -> None:
    """One line a word, nine significant digits, which tell every float32 from the next."""
    line = "\t".join(["%.9g"] * matrix.shape[1]) + "\n"
    with path.open("w", encoding="ascii") as stream, progress("writing vectors", len(rows), unit="words") as advance:
        for start in range(0, len(rows), _ROWS):
            block = matrix[rows[start : start + _ROWS]]
            stream.write("".join(line % tuple(row) for row in block.tolist()))
            advance(len(block))


def _metadata(words: Sequence[str], languages: Sequence[str]) -> str:
    """The words, one a line; where there is a second column, the projector wants a header."""
    if not languages:
        return "".join(f"{word}\n" for word in words)
    return "word\tlanguage\n" + "".join(f"{word}\t{language_of(word)}\n" for word in words)


def _write_sprite(path: Path, pictures: Sequence[ImageFile]) -> int:
    """Draws the pictures row by row into one square image; returns the pixels of a picture's side."""
    n_columns = math.ceil(math.sqrt(len(pictures)))
    cell = min(CELL, MOST_PIXELS // n_columns)
    sprite = Image.new("RGB", (n_columns * cell, n_columns * cell), "white")
    broken = []
    with progress("drawing pictures", len(pictures), unit="pictures") as advance, pillow_warnings():
        for number, picture in enumerate(pictures):
            try:
                image = ImageOps.pad(decode(picture.read()), (cell, cell), color="white")
                sprite.paste(image, (number % n_columns * cell, number // n_columns * cell))
            except BrokenImage:
                broken.append(picture.id)
            advance(1)
    if broken:
        log.warning("%d pictures cannot be read and stay white, such as %s", len(broken), broken[0])
    sprite.save(path)
    return cell


def _config(cell: int | None) -> str:
    sprite = ""
    if cell is not None:
        side = f"    single_image_dim: {cell}\n"
        sprite = f'  sprite {{\n    image_path: "sprite.png"\n{side}{side}  }}\n'
    paths = '  tensor_path: "tensors.tsv"\n  metadata_path: "metadata.tsv"\n'
    return f'embeddings {{\n  tensor_name: "words"\n{paths}{sprite}}}\n'

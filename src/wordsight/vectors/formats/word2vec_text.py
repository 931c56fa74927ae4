"""word2vec's text format (Mikolov et al., 2013), which is also fastText's ``.vec``.

The first line is ``n_words dim``; then a line a word: the word, and ``dim`` decimal numbers, separated by spaces.
"""

from __future__ import annotations

from pathlib import Path

from wordsight.storage.streams import reading
from wordsight.vectors.formats._rows import gather, text_blocks, text_rows, write_rows
from wordsight.vectors.formats._word2vec import announced, is_word2vec
from wordsight.vectors.formats.base import Contents, VectorFormat


def read(path: Path, *, limit: int | None = None, mmap: bool = True) -> Contents:
    """Reads the text format.

    Raises:
        DataError: missing, damaged or cut off; the message says where.
    """
    n_words, dim = announced(path, limit)
    with reading(path) as stream:
        stream.readline()
        blocks = text_blocks(stream, path, dim, line=2)
        return Contents(*gather(path, blocks, dim=dim, announced=n_words, limit=limit, unit="line", first=2))


def write(path: Path, contents: Contents) -> None:
    """Writes the text format with nine significant digits, so that float32 survives.

    Raises:
        DataError: a word is empty or has an ASCII blank in it, so that no reader could tell where it ends.
        WriteError: the file cannot be written; nothing half-written is left.
    """
    write_rows(path, contents, b"%d %d\n" % contents.matrix.shape, text_rows)


FORMAT = VectorFormat(
    name="word2vec-text",
    title="word2vec text file",
    what="a line `n_words dim`, then a line a word: the word and its numbers; fastText's `.vec` is the same",
    endings=(".txt", ".vec"),
    sniff=lambda path, head: is_word2vec(head, text=True),
    read=read,
    write=write,
)

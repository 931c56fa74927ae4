"""The directory that sentence-transformers and model2vec both load as a static model.

``model.safetensors`` has the matrix ``embeddings`` with a row of zeros for unknown words, ``tokenizer.json`` finds the
words of a text (:mod:`wordsight.vectors.formats._tokenizer_json`), ``modules.json`` and ``config.json`` say what it is.
Both give a text the mean of its words' vectors, at unit length: sentence-transformers counts unknown words in the mean
and model2vec does not, and at unit length the two are the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from wordsight.errors import DataError
from wordsight.storage.atomic import replace_directory, unchanging
from wordsight.storage.json_toml import content_of, parse_json, write_json
from wordsight.storage.streams import existing
from wordsight.storage.tensors import read_tensors, write_tensors
from wordsight.text.language_tags import without_tags
from wordsight.vectors.formats._model_card import model_card
from wordsight.vectors.formats._tokenizer_json import tokenizer_json
from wordsight.vectors.formats.base import Contents, VectorFormat

KIND = "sentence-transformers"
_MODULES = [
    {"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]
_USE = """```python
from sentence_transformers import SentenceTransformer

SentenceTransformer("path/to/this/directory").encode(["a goose"])
```

```python
from model2vec import StaticModel

StaticModel.from_pretrained("path/to/this/directory").encode(["a goose"])
```"""

_FILES = """- `model.safetensors`: the matrix `embeddings`, float32: zeros for unknown words, then one row a word
- `tokenizer.json`: the words, and how they are found in a text
- `modules.json`, `config.json`: what the two libraries need to know"""


def write(path: Path, contents: Contents) -> None:
    """Writes the directory; words of one language lose their tags, which texts do not have.

    Raises:
        DataError: the words are of several languages.
        WriteError: the directory cannot be written; nothing half-written is left.
    """
    words, language = without_tags(contents.words)
    n_words, dim = contents.matrix.shape
    with_zeros = np.concatenate([np.zeros((1, dim), np.float32), contents.matrix])
    config = {
        "kind": KIND,
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "normalize": True,
        "hidden_dim": dim,
        "embedding_dtype": "float32",
        "n_words": n_words,
        "dim": dim,
        **({"language": language} if language else {}),
    }
    with replace_directory(path) as temporary:
        write_tensors(temporary / "model.safetensors", {"embeddings": with_zeros})
        write_json(temporary / "tokenizer.json", tokenizer_json(words, language))
        write_json(temporary / "modules.json", _MODULES)
        write_json(temporary / "config.json", config)
        card = model_card(
            {**contents.facts, **config}, [language] if language else [], library=KIND, use=_USE, files=_FILES
        )
        (temporary / "README.md").write_text(card, encoding="utf-8")


def read(path: Path, *, limit: int | None = None, mmap: bool = True) -> Contents:
    """Reads the words and vectors of any such directory, whoever wrote it; the pieces of words are words here.

    Raises:
        DataError: missing, cut off, or its files do not belong together.
    """
    return unchanging(path, lambda here: _read(here, limit, mmap))


def _read(directory: Path, limit: int | None, mmap: bool) -> Contents:
    matrix = _matrix(directory / "model.safetensors", mmap)
    path = existing(directory / "tokenizer.json")
    tokenizer = parse_json(path.read_bytes(), path)
    with content_of(path, "a tokenizer with words"):
        words, rows = _words(tokenizer)
    if not words:
        raise DataError(f"{path} has no words; get or write the directory again")
    if max(rows) >= len(matrix):
        raise DataError(f"{directory} has {len(matrix):,} vectors, too few for its words; get or write it again")
    language = _language(directory / "config.json")
    words, rows = words[:limit], rows[:limit]
    whole = rows[-1] - rows[0] == len(rows) - 1
    kept = matrix[rows[0] : rows[-1] + 1] if whole else matrix[rows]
    return Contents([f"{language}:{word}" for word in words] if language else words, kept)


def _matrix(path: Path, mmap: bool) -> np.ndarray:
    """One row a token: as it is, or as model2vec's mapping and weights make it."""
    tensors = read_tensors(path, mmap=mmap)
    matrix = tensors.get("embeddings", tensors.get("embedding.weight"))
    if matrix is None or matrix.ndim != 2:
        found = ", ".join(tensors) or "nothing"
        raise DataError(f"{path} has no matrix 'embeddings' or 'embedding.weight', but {found}; it is no static model")
    with content_of(path, "a whole static model"):
        if "mapping" in tensors:
            matrix = matrix[tensors["mapping"]]
        return matrix if "weights" not in tensors else matrix * tensors["weights"][:, None]


def _words(tokenizer: Any) -> tuple[list[str], list[int]]:
    """The words, without those that stand for something else, and their rows, ascending."""
    model = tokenizer["model"]
    vocabulary = model["vocab"]
    if isinstance(vocabulary, list):  # of the kind Unigram: pairs of a piece and its score
        vocabulary = {piece: row for row, (piece, _) in enumerate(vocabulary)}
        unknown = list(vocabulary)[model["unk_id"]] if model.get("unk_id") is not None else None
    else:
        unknown = model.get("unk_token")
    added = {token["content"]: token["id"] for token in tokenizer.get("added_tokens") or ()}
    special = {token["content"] for token in tokenizer.get("added_tokens") or () if token["special"]} | {unknown}
    found = sorted((row, word) for word, row in (vocabulary | added).items() if word not in special)
    return [word for _, word in found], [row for row, _ in found]


def _language(path: Path) -> str | None:
    """The language whose tags the words lost when wordsight wrote the directory."""
    if not path.is_file():
        return None
    config = parse_json(path.read_bytes(), path)
    with content_of(path, "a model's configuration"):
        return config.get("language") if config.get("kind") == KIND else None


FORMAT = VectorFormat(
    name=KIND,
    title="static model of sentence-transformers and model2vec",
    what="a directory that sentence-transformers and model2vec load: texts become the mean of their words",
    endings=(),
    sniff=lambda path, head: (
        path.is_dir() and all((path / n).is_file() for n in ("model.safetensors", "tokenizer.json"))
    ),
    read=read,
    write=write,
    directory=KIND,
)

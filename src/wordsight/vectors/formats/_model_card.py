"""The model card: a README.md that says what a vectors directory is, as the Hugging Face Hub reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_USE = """```python
import wordsight as ws

vectors = ws.WordVectors.load("path/to/this/directory")
vectors.most_similar(vectors.words[0], topn=10)
```"""
_FILES = """- `vectors.safetensors`: the matrix `vectors`, float32, one row a word
- `vocab.txt`: the words, one a line, in the order of the rows
- `config.json`: format version and everything above"""


def model_card(
    config: Mapping[str, Any],
    languages: Sequence[str] = (),
    *,
    library: str = "wordsight",
    use: str = _USE,
    files: str = _FILES,
) -> str:
    """Makes the card: Markdown with YAML front matter.

    Args:
        config: what ``config.json`` holds: n_words and dim, and where known model, citation, hyperparameters, data,
            versions.
        languages: language tags of the words.
        library: the library that loads the directory first of all, as the Hub calls it.
        use: how it is loaded, as Markdown.
        files: what its files are, as Markdown.
    """
    model = config.get("model")
    codes = [language for language in languages if re.fullmatch(r"[a-z]{2,3}", language)]
    front = ["---", f"library_name: {library}", "tags:", "- word-embeddings", *([f"- {model}"] if model else [])]
    front += ["language:", *(f"- '{code}'" for code in codes)] if codes else []
    trained = f", trained by the model {model}" if model else ""
    tagged = f" of {len(languages)} languages ({', '.join(languages)})" if languages else ""
    parts = [
        "\n".join([*front, "---"]),
        "# Word vectors",
        f"{config['n_words']:,} words{tagged}, {config['dim']} dimensions{trained}; written by wordsight.",
        *(["The training was interrupted: these vectors are unfinished."] if config.get("interrupted") else []),
        *([str(config["citation"])] if config.get("citation") else []),
        "## Use",
        use,
        *_table("Hyperparameters", config.get("hyperparameters")),
        *_table("Training data", config.get("data")),
        *_table("Grounding", config.get("grounding")),
        *_table("Versions", config.get("versions")),
        "## Files",
        files,
    ]
    return "\n\n".join(parts) + "\n"


def _table(title: str, values: Mapping[str, Any] | None) -> list[str]:
    """A section with a two-column table; nothing where there is nothing to say."""
    if not values:
        return []
    rows = [f"| {_cell(name)} | {_cell(value)} |" for name, value in values.items()]
    return [f"## {title}", "\n".join(["| name | value |", "|---|---|", *rows])]


def _cell(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text.replace("|", "\\|").replace("\n", " ")

"""Options that several verbs share: one meaning has one name everywhere."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from wordsight.images.features import ImageFeatures

Output = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Directory to write.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there and finished already.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Seed of all random numbers.")]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, max=1024, help="Threads; by default one for each core.")
]
Vectors = Annotated[
    Path,
    typer.Argument(
        metavar="VECTORS", help="A directory that wordsight wrote, or a word2vec, GloVe or fastText file (.vec, .bin)."
    ),
]
ModelPath = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A directory that train wrote, of iesg, l2projection or imagevec.")
]
Language = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Tag of the files' words in the vectors, such as en.")
]
OnlyLanguage = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Only words with this tag, such as de.")
]
JSONPath = Annotated[Path | None, typer.Option("--json", metavar="PATH", help="Also write the results as JSON.")]
FeaturesPath = Annotated[
    Path, typer.Option("--features", metavar="PATH", help="What extract wrote, or a .npy file.", show_default=False)
]
ImagesTable = Annotated[
    Path | None,
    typer.Option("--images", metavar="TABLE", help="For a .npy file: its rows' images (column image or path)."),
]


def features_at(path: str | Path, images: str | Path | None) -> ImageFeatures:
    """A features directory, or a ``.npy`` file with the table of its rows."""
    from wordsight.images.features import ImageFeatures

    return ImageFeatures.load(path) if images is None else ImageFeatures.from_npy(path, images)


def paragraphs(function: Callable[..., Any]) -> list[str]:
    """A docstring's paragraphs before its first section, each in one line, as help is written."""
    text = (inspect.getdoc(function) or "").split("\n\nArgs:")[0].replace("``", "")
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]

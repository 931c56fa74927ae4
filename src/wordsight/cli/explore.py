"""``wordsight explore``: words, their pictures and a map of them in the browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import ImagesTable, features_at
from wordsight.errors import ParameterError

if TYPE_CHECKING:
    from wordsight.explore.collection import Collection

LANGUAGES = ("en", "de", "fr", "es")
"""The languages of Emoji World that are trained where nothing is named."""


def explore(
    models: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DIR]...", help="Up to four models or files of vectors; none: Emoji World."),
    ] = None,
    features: Annotated[
        Path | None, typer.Option("--features", metavar="PATH", help="Of pictures: what extract wrote, or a .npy file.")
    ] = None,
    images: ImagesTable = None,
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the image files are, or img2dataset's tar files.")
    ] = None,
    lexicon: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="Which word has which picture (columns word, image).")
    ] = None,
    corpus: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What encode-text wrote, to show how often words occur.")
    ] = None,
    concreteness: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="Ratings of words (columns word, concreteness).")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; by default 8600 or one of the next. 0: any.")
    ] = None,
    host: Annotated[
        str, typer.Option(help="Where to listen; beyond this machine the address carries a token.")
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Look at words in the browser: neighbors side by side, pictures, a map, judgements, languages.

    Nothing leaves this machine. Without a directory it opens Emoji World, which ships with wordsight.
    """
    from wordsight.extras import require

    for package in ("starlette", "uvicorn"):
        require(package)
    if not models:
        if features or lexicon:
            raise ParameterError("--features and --lexicon go with a model; name its directory")
        collection = _emoji_world(folder)
    else:
        collection = _opened(models, features, images, folder, lexicon, corpus, concreteness)
    _serve(collection, host, port, browser)


def _opened(
    models: list[Path],
    features: Path | None,
    images: Path | None,
    folder: Path | None,
    lexicon: Path | None,
    corpus: Path | None,
    concreteness: Path | None,
) -> Collection:
    from wordsight.explore.opening import open_collection
    from wordsight.grounding.lexicon import VisualLexicon

    if features is None and (lexicon or folder):
        raise ParameterError("--lexicon and --folder are of pictures; name their features too: --features PATH")
    pictures = None if features is None else features_at(features, images)
    return open_collection(
        models,
        features=pictures,
        lexicon=None if pictures is None or lexicon is None else VisualLexicon.from_table(lexicon, pictures),
        folder=folder,
        corpus=corpus,
        concreteness=concreteness,
        title="" if features is None else features.name,
    )


def _emoji_world(folder: Path | None) -> Collection:
    """Emoji World: what demo wrote here, else what an earlier explorer trained, else trained now."""
    from wordsight.cli._emoji_world import facts, languages_of, lexicon_of, trained
    from wordsight.datasets.emoji_world import emoji_world
    from wordsight.explore.opening import open_collection
    from wordsight.storage.caches import cache_folder
    from wordsight.version import __version__

    here, kept = Path("emoji-vectors"), cache_folder("emoji-world") / f"{'-'.join(LANGUAGES)}-{__version__}"
    path = here if languages_of(here) else kept
    world = emoji_world(languages_of(path) or LANGUAGES)
    if path == kept and not languages_of(kept):
        show.console().print("Training on Emoji World, once; this takes some seconds.")
        trained(world).save(kept, data=facts(world))
    return open_collection(
        [path], features=world.features, lexicon=lexicon_of(world), folder=folder, title="Emoji World"
    )


def _serve(collection: Collection, host: str, port: int | None, browser: bool) -> None:
    from wordsight.explore.server import Server

    server = Server(collection, host=host, port=port)
    out = show.console()
    out.print(f"The explorer is at {server.address}\nCtrl-C ends it.", soft_wrap=True)
    server.run(when_ready=(lambda: _open(server.address)) if browser else lambda: None)
    out.print("The explorer has ended.")


def _open(address: str) -> None:
    webbrowser.open(address)

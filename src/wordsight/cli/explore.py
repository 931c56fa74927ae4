"""``wordsight explore``: words, their pictures and a map of them in the browser."""

from __future__ import annotations

import shlex
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import ImagesTable, Overwrite, features_at
from wordsight.cli._signals import CTRL_C
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
    export: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the page as files for any web server, and end.")
    ] = None,
    export_words: Annotated[
        int, typer.Option(metavar="N", min=1, help="With --export: how many words, the most frequent ones.")
    ] = 2000,
    overwrite: Overwrite = False,
) -> None:
    """Look at words in the browser: neighbors side by side, pictures, a map, judgements, languages.

    Nothing leaves this machine. Without a directory it opens Emoji World, which ships with wordsight.
    """
    from wordsight.extras import require
    from wordsight.storage.outputs import check_directory

    for package in ("starlette", "uvicorn"):
        require(package)
    if export is not None:
        check_directory(export, "site", overwrite=overwrite)
    if not models:
        if features or lexicon:
            raise ParameterError("--features and --lexicon go with a model; name its directory")
        collection = _emoji_world(folder)
    else:
        collection = _opened(models, features, images, folder, lexicon, corpus, concreteness)
    if export is not None:
        _export(collection, export, export_words)
    else:
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
        model = trained(world)
        if model.interrupted_:
            raise typer.Exit(CTRL_C)
        model.save(kept, data=facts(world))
    lexicon, title = lexicon_of(world), "Emoji World"
    return open_collection([path], names=[title], features=world.features, lexicon=lexicon, folder=folder, title=title)


def _export(collection: Collection, directory: Path, n_words: int) -> None:
    from wordsight.explore.static_site import write_site

    write_site(collection, directory, n_words)
    serve = f"python -m http.server --directory {shlex.quote(str(directory))}"
    show.console().print(f"Written to {directory}. Any web server serves it, such as: {serve}", soft_wrap=True)


def _serve(collection: Collection, host: str, port: int | None, browser: bool) -> None:
    from wordsight.explore.server import Server

    server = Server(collection, host=host, port=port)
    out = show.console()
    out.print(f"The explorer is at {server.address}\nCtrl-C ends it.", soft_wrap=True)
    try:
        server.run(when_ready=(lambda: webbrowser.open(server.address)) if browser else lambda: None)
    except KeyboardInterrupt:
        out.print("The explorer has ended.")
        raise typer.Exit(CTRL_C) from None

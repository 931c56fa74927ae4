"""The version of wordsight, stated only here, and the versions of the packages that a result depends on."""

from __future__ import annotations

from importlib import metadata

__version__ = "0.2.0.dev0"


def versions(*packages: str) -> dict[str, str]:
    """Returns the version of wordsight and those of other installed packages, by name.

    Raises:
        importlib.metadata.PackageNotFoundError: one of them is not installed.
    """
    return {"wordsight": __version__, **{package: metadata.version(package) for package in packages}}

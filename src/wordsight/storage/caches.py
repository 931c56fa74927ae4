"""The user's cache: what can be fetched or computed again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(name: str) -> Path:
    """Returns a folder in ``$WORDSIGHT_CACHE``, or else in the user's cache; it need not be there yet."""
    import platformdirs

    return Path(os.environ.get("WORDSIGHT_CACHE") or platformdirs.user_cache_dir("wordsight")) / name

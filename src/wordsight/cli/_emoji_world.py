"""The model of Emoji World that demo trains and explore opens: translations from nothing but the look of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wordsight.datasets.emoji_world import EmojiWorld
    from wordsight.grounding.captions import ImageCaptions
    from wordsight.grounding.lexicon import VisualLexicon
    from wordsight.models.imagevec import ImageVec

PIVOT_VENDOR, OTHER_VENDOR, UNSEEN_VENDOR = "noto", "twitter", "fluent"
KEY = "emoji world"
"""What ``config.json`` calls the data of such a model."""


def trained(world: EmojiWorld, seed: int = 0) -> ImageVec:
    """Trains ImageVec; the first language sees the drawings of one vendor, the others those of a second one."""
    from wordsight.datasets.emoji_world import N_COMPONENTS
    from wordsight.models.imagevec import ImageVec

    settings: dict[str, Any] = {"dim": N_COMPONENTS, "transform": f"centre pca:{N_COMPONENTS}:0.5 l2 scale"}
    return ImageVec(**settings, seed=seed, workers=1).fit(training_captions(world, tokenizer()))


def tokenizer() -> str:
    """The tokenizer of the names: with dictionaries for scripts without blanks, where they are installed."""
    from wordsight.extras import missing

    return "words" if "segmentation" in missing() else "icu"


def training_captions(world: EmojiWorld, tokenizer: str = "words") -> ImageCaptions:
    """What is trained on: no two of the compared languages share a picture."""
    from wordsight.grounding.captions import ImageCaptions

    first, *others = world.languages
    sides = [world.captions([first], [PIVOT_VENDOR]), world.captions(others, [OTHER_VENDOR])]
    return ImageCaptions.concat(sides).with_tokenizer(tokenizer)


def facts(world: EmojiWorld) -> dict[str, Any]:
    """What a saved model says of its data."""
    return {KEY: {"languages": list(world.languages), "fingerprint": world.features.fingerprint}}


def languages_of(directory: Path) -> list[str]:
    """The languages of a saved model of Emoji World; none for whatever else is there, or nothing."""
    from wordsight.errors import DataError
    from wordsight.storage.config import read_config
    from wordsight.storage.json_toml import content_of
    from wordsight.vectors.formats import native

    try:
        config = read_config(directory, native.KIND, version=native.FORMAT_VERSION)
        with content_of(directory, "a model of Emoji World"):
            return list(config["data"][KEY]["languages"])
    except DataError:
        return []


def lexicon_of(world: EmojiWorld) -> VisualLexicon:
    """The drawings of all vendors by tagged word: a name or keyword of one word, such as ``en:goose``."""
    from wordsight.grounding.caption_words import is_word
    from wordsight.grounding.lexicon import VisualLexicon

    drawings: dict[str, list[str]] = {}
    for drawing, emoji in world.depicts().items():
        drawings.setdefault(emoji, []).append(drawing)
    words = {(f"{a.language}:{q.lower()}", a.emoji): None for a in world.annotations for q in a.queries if is_word(q)}
    return VisualLexicon.from_pairs(
        ((word, drawing) for word, emoji in words for drawing in drawings.get(emoji, ())), world.features
    )

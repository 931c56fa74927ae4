"""Emoji World: small drawings by three vendors, named in many languages; shipped with the package.

1,577 emoji, each drawn by Google (``noto``), Twitter (``twitter``) and, but for a few, Microsoft (``fluent``): image
features of EfficientNet-Lite0 and -Lite2 side by side, centred per vendor and reduced to 256 principal components;
names and keywords of Unicode CLDR in 46 languages. NOTICE names their owners and licences;
tools/build_emoji_world.py makes the files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wordsight.errors import ParameterError, unknown_name
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.emoji import EmojiAnnotation
from wordsight.images.features import ImageFeatures
from wordsight.storage.arrays import load_array
from wordsight.storage.tables import read_table

VENDORS = ("noto", "twitter", "fluent")
N_COMPONENTS = 256
ENCODER = f"efficientnet-lite0+efficientnet-lite2, centred per vendor, {N_COMPONENTS} principal components"

_HERE = Path(__file__).parent


def shipped_languages() -> list[str]:
    """Returns the CLDR codes of all languages that are shipped, sorted."""
    return sorted(path.name.partition(".")[0] for path in (_HERE / "annotations").iterdir())


def emoji_world(languages: Sequence[str] = ("en", "de", "fr", "es"), vendors: Sequence[str] = VENDORS) -> EmojiWorld:
    """Loads Emoji World; only the files of the languages asked for are read.

    Args:
        languages: CLDR codes, e.g. ``("en", "sw", "ja")``; :func:`shipped_languages` lists them.
        vendors: the makers of the drawings: some of ``noto``, ``twitter``, ``fluent``.

    Raises:
        UnknownNameError: a language or vendor is not shipped.
        ParameterError: there is no language or no vendor, or one string instead of a list.
    """
    if isinstance(languages, str) or isinstance(vendors, str) or not languages or not vendors:
        raise ParameterError("languages and vendors are lists of at least one name, e.g. ['en', 'de'] and ['noto']")
    shipped = shipped_languages()
    for language in languages:
        if language not in shipped:
            raise unknown_name("language", language, shipped, hint=f"shipped are {' '.join(shipped)}")
    for vendor in vendors:
        if vendor not in VENDORS:
            raise unknown_name("vendor", vendor, VENDORS, hint=f"there are {', '.join(VENDORS)}")
    return EmojiWorld(tuple(dict.fromkeys(languages)), tuple(dict.fromkeys(vendors)))


class EmojiWorld:
    """Drawings of emoji with their names and keywords; made by :func:`emoji_world`."""

    features: ImageFeatures
    """The drawings; float16 [n_drawings, 256], ids such as ``noto/😀``, sources = vendors."""
    annotations: list[EmojiAnnotation]
    """Names and keywords in the languages that were loaded."""
    categories: dict[str, tuple[str, str]]
    """Emoji → (category, subcategory), e.g. ``("Animals & Nature", "animal-bird")``."""

    def __init__(self, languages: tuple[str, ...], vendors: tuple[str, ...]) -> None:
        self.languages = languages
        self.vendors = vendors
        table = read_table(_HERE / "emoji.tsv")
        emoji = table.column("emoji")
        pairs = zip(table.column("category"), table.column("subcategory"), strict=True)
        self.categories = dict(zip(emoji, pairs, strict=True))
        self.annotations = [a for language in languages for a in _annotations(language, emoji)]
        drawn = list(zip(emoji, table.column("vendors"), strict=True))
        # The rows of the file are sorted by vendor, and within a vendor by the order of the table.
        ids = [(vendor, e) for vendor in VENDORS for e, drawn_by in drawn if vendor in drawn_by.split("|")]
        rows = [row for row, (vendor, _) in enumerate(ids) if vendor in vendors]
        self.features = ImageFeatures(
            ["/".join(ids[row]) for row in rows],
            load_array(_HERE / "features.npy")[rows],
            sources=[ids[row][0] for row in rows],
            encoder=ENCODER,
        )

    def depicts(self, *vendors: str) -> dict[str, str]:
        """Returns image id → emoji for the drawings of these vendors; without any, of all that were loaded.

        Raises:
            UnknownNameError: a vendor was not loaded.
        """
        for vendor in vendors:
            if vendor not in self.vendors:
                raise unknown_name("vendor", vendor, self.vendors, hint=f"loaded are {', '.join(self.vendors)}")
        pairs = (id.partition("/") for id in self.features.ids)
        return {f"{vendor}/{emoji}": emoji for vendor, _, emoji in pairs if not vendors or vendor in vendors}

    def captions(self, languages: Sequence[str] | None = None, vendors: Sequence[str] = ()) -> ImageCaptions:
        """Makes captions: each name and keyword is a query of weight 1 for each drawing of its emoji.

        Args:
            languages: some of those loaded; None: all.
            vendors: some of those loaded; empty: all.

        Raises:
            UnknownNameError: a language or vendor was not loaded.
        """
        wanted = self.languages if languages is None else [self._loaded(language) for language in languages]
        annotations = [a for a in self.annotations if a.language in wanted]
        return ImageCaptions.from_emoji(annotations, self.depicts(*vendors), self.features)

    def names(self, language: str) -> dict[str, str]:
        """Returns emoji → its name in a language.

        Raises:
            UnknownNameError: the language was not loaded.
        """
        self._loaded(language)
        return {a.emoji: a.name for a in self.annotations if a.language == language}

    def _loaded(self, language: str) -> str:
        if language not in self.languages:
            raise unknown_name("language", language, self.languages, hint=f"loaded are {' '.join(self.languages)}")
        return language


def _annotations(language: str, emoji: list[str]) -> list[EmojiAnnotation]:
    """Reads a language's file: row i is about emoji i; an empty name says that the language has none."""
    table = read_table(_HERE / "annotations" / f"{language}.tsv.xz")
    rows = zip(emoji, table.column("name"), table.column("keywords"), strict=True)
    return [EmojiAnnotation(language, e, name, tuple(filter(None, kw.split("|")))) for e, name, kw in rows if name]

"""Emoji annotations as a lexicon and as captions."""

from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.grounding.caption_words import words_of
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.emoji import EmojiAnnotation, emoji_words, read_annotations
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures

TABLE = """lang\temoji\tname\tkeywords
en\t⛱️\tumbrella on ground\tground|rain|sun shade|Umbrella|5|×
de\t⛱️\taufgestellter Sonnenschirm\tStrand|Schirm
en\t🌵\tcactus\tcactus|plant
en\t🦆\tduck\t
"""


@pytest.fixture
def annotations(tmp_path: Path) -> list[EmojiAnnotation]:
    path = tmp_path / "annotations.tsv"
    path.write_text(TABLE, encoding="utf-8")
    return read_annotations(path)


@pytest.fixture
def features() -> ImageFeatures:
    return ImageFeatures(["n/⛱️", "n/🌵", "t/🌵", "photo"], np.eye(4, dtype=np.float32))


DEPICTS = {"n/⛱️": "⛱️", "n/🌵": "🌵", "t/🌵": "🌵"}


def test_annotations_are_read_by_language(annotations: list[EmojiAnnotation], tmp_path: Path) -> None:
    assert len(annotations) == 4
    assert annotations[1] == EmojiAnnotation("de", "⛱️", "aufgestellter Sonnenschirm", ("Strand", "Schirm"))
    assert annotations[3].keywords == ()
    assert [a.emoji for a in read_annotations(tmp_path / "annotations.tsv", ["de"])] == ["⛱️"]


def test_words_are_single_keywords_and_words_of_the_name(annotations: list[EmojiAnnotation]) -> None:
    # "sun shade" is two words, "5" and "×" none, "on" a stop word, "Umbrella" the same as "umbrella".
    assert sorted(emoji_words(annotations[0])) == ["ground", "rain", "umbrella"]


def test_lexicon_and_captions(annotations: list[EmojiAnnotation], features: ImageFeatures) -> None:
    lexicon = VisualLexicon.from_emoji(annotations, DEPICTS, features)
    assert {w: lexicon.images(w).tolist() for w in lexicon.words} == {
        "ground": [0], "rain": [0], "umbrella": [0], "cactus": [1, 2], "plant": [1, 2]
    }  # fmt: skip
    assert np.all(lexicon.weights == 1)
    captions = ImageCaptions.from_emoji(annotations, DEPICTS, features)
    assert captions.languages is not None
    found = sorted(zip(captions.languages, captions.captions, captions.image_rows.tolist(), strict=True))
    cactus = [("en", word, row) for word in ("cactus", "cactus", "plant") for row in (1, 2)]  # name and keyword
    german = [("de", word, 0) for word in ("aufgestellter Sonnenschirm", "Strand", "Schirm")]
    english = [("en", w, 0) for w in ("umbrella on ground", "ground", "rain", "sun shade", "Umbrella", "5", "×")]
    assert found == sorted([*cactus, *german, *english])


def test_nothing_to_ground(annotations: list[EmojiAnnotation], features: ImageFeatures) -> None:
    with pytest.raises(DataError, match="language 'xx'"):
        VisualLexicon.from_emoji(annotations, DEPICTS, features, language="xx")
    with pytest.raises(DataError, match="no image shows an emoji"):
        ImageCaptions.from_emoji(annotations, {"photo": "🦜"}, features)


def test_words_of_a_caption() -> None:
    assert words_of("A peacock (a male peafowl), Tux—the Linux mascot's 2 yo-yos!") == [
        "peacock", "male", "peafowl", "tux", "linux", "mascot's", "yo-yos"
    ]  # fmt: skip

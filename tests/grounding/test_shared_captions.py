import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures

FEATURES = ImageFeatures(["a", "b", "c", "d"], np.eye(4, dtype=np.float32))


def captions(languages: list[str] | None) -> ImageCaptions:
    texts, rows = ["one", "eins", "two", "deux", "again", "zwei"], np.array([0, 0, 1, 2, 1, 1])
    return ImageCaptions(texts, rows, FEATURES, languages=languages, weights=np.arange(1.0, 7.0))


def test_images_with_queries_in_two_languages_stay() -> None:
    kept = captions(["en", "de", "en", "fr", "en", "de"]).shared()
    assert kept.captions == ["one", "eins", "two", "again", "zwei"]
    assert kept.image_rows.tolist() == [0, 0, 1, 1, 1]
    assert kept.languages == ["en", "de", "en", "en", "de"]
    assert kept.weights.tolist() == [1, 2, 3, 5, 6]


def test_says_why_nothing_is_left() -> None:
    with pytest.raises(DataError, match="no image has captions in 3 languages"):
        captions(["en", "de", "en", "fr", "en", "de"]).shared(3)
    with pytest.raises(DataError, match="have no languages"):
        captions(None).shared()

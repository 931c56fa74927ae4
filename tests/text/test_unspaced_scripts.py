import logging

import numpy as np
import pytest

from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.images.features import ImageFeatures
from wordsight.text.corpus import Corpus

JAPANESE, THAI, ENGLISH = "犬がトラックを見た", "แมวสีดำกินข้าว", "the dog sees the cat"


@pytest.mark.parametrize(
    ("text", "tokenizer", "example"),
    [
        (JAPANESE, "words", "such as "),
        (JAPANESE, "whitespace", f"such as {JAPANESE}"),
        (THAI, "words", f"such as {THAI}"),
        (JAPANESE, "icu", None),
        ("犬 が トラック を 見 た", "whitespace", None),
        (ENGLISH, "words", None),
        (f"{ENGLISH} {ENGLISH} {ENGLISH} {ENGLISH} 犬", "words", None),
    ],
)
def test_a_corpus_says_where_dictionaries_help(
    caplog: pytest.LogCaptureFixture, text: str, tokenizer: str, example: str | None
) -> None:
    with caplog.at_level(logging.WARNING):
        Corpus.from_documents([text], min_count=1, tokenizer=tokenizer)
    assert ("the tokenizer icu" in caplog.text and example in caplog.text) if example else not caplog.text


def test_captions_say_it_in_one_line_for_all_languages(caplog: pytest.LogCaptureFixture) -> None:
    features = ImageFeatures(["a"], np.ones((1, 2)))
    captions = ImageCaptions([JAPANESE, ENGLISH, THAI], np.zeros(3), features, languages=["ja", "en", "th"])
    with caplog.at_level(logging.WARNING):
        words = QueryPairs.from_captions(captions, 1).vocabulary.words
        assert caplog.text.count("the tokenizer icu") == 1 and "ja, th: " in caplog.text
        caplog.clear()
        cut = QueryPairs.from_captions(captions.with_tokenizer("icu"), 1).vocabulary.words
    assert not caplog.text
    assert {f"th:{THAI}", "ja:犬"} <= set(words) and {"th:แมว", "ja:トラック", "en:dog"} <= set(cut)

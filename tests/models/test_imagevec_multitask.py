from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wordsight.errors import DataError, ParameterError
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures
from wordsight.models.imagevec_multitask import ImageVecMultitask
from wordsight.text.corpus import Corpus
from wordsight.text.joint_words import JointWords
from wordsight.text.languages import blocks, join_languages
from wordsight.text.parallel import ParallelText

N = 12
SETTINGS: dict[str, Any] = {
    "dim": 16,
    "epochs": 10,
    "text_epochs": 5,
    "batch_size": 32,
    "learning_rate": 2e-3,
    "subsample": 0.0,
}


@pytest.fixture(scope="module")
def captions() -> ImageCaptions:
    """English and German see other pictures of the same twelve things."""
    random = np.random.default_rng(0)
    looks = np.repeat(random.normal(size=(N, 10)), 8, axis=0) + 0.2 * random.normal(size=(8 * N, 10))
    features = ImageFeatures([f"i{i}" for i in range(8 * N)], looks.astype(np.float32))
    english = [row for row in range(8 * N) if row % 8 < 4]
    languages = ["en" if row in set(english) else "de" for row in range(8 * N)]
    texts = [f"{'thing' if languages[row] == 'en' else 'ding'}{row // 8}" for row in range(8 * N)]
    return ImageCaptions(texts, np.arange(8 * N), features, languages=languages)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """In both languages each thing's kind is said beside it: 0 to 5 are of one, 6 to 11 of the other."""
    random = np.random.default_rng(1)
    documents: dict[str, list[str]] = {"en": [], "de": []}
    for i in random.integers(0, N, 600):
        documents["en"].append(f"thing{i} {'beast' if i < 6 else 'tool'}")
        documents["de"].append(f"ding{i} {'tier' if i < 6 else 'werkzeug'}")
    return join_languages([Corpus.from_documents(lines, language=language) for language, lines in documents.items()])


def test_words_without_pictures_are_reached_through_the_text(captions: ImageCaptions, corpus: Corpus) -> None:
    vectors = ImageVecMultitask(**{**SETTINGS, "text_epochs": 30}).fit(captions, corpus).vectors_
    found = [vectors.most_similar(f"en:thing{i}", topn=1, language="de")[0][0] for i in range(N)]
    assert np.mean([name == f"de:ding{i}" for i, name in enumerate(found)]) > 0.8
    for english, german, other in (("beast", "tier", "werkzeug"), ("tool", "werkzeug", "tier")):
        assert vectors.similarity(f"en:{english}", f"de:{german}") > vectors.similarity(f"en:{english}", f"de:{other}")


def test_parallel_text_joins_what_no_picture_shows() -> None:
    random = np.random.default_rng(2)
    lines = random.integers(0, N, (200, 3))
    parallel = ParallelText({code: [" ".join(f"{code}{i}" for i in line) for line in lines] for code in ("en", "de")})
    vectors = ImageVecMultitask(**{**SETTINGS, "epochs": 30, "learning_rate": 5e-3}).fit(parallel=parallel).vectors_
    found = [vectors.most_similar(f"en:en{i}", topn=1, language="de")[0][0] for i in range(N)]
    assert np.mean([name == f"de:de{i}" for i, name in enumerate(found)]) > 0.8


def test_a_weight_of_nothing_leaves_an_input_out(captions: ImageCaptions, corpus: Corpus) -> None:
    small = {**SETTINGS, "epochs": 1, "text_epochs": 1}
    without = ImageVecMultitask(**small).fit(captions).vectors_
    weightless = ImageVecMultitask(**small, text_weight=0.0).fit(captions, corpus).vectors_
    assert weightless.words == without.words
    np.testing.assert_array_equal(weightless.matrix, without.matrix)
    text = ImageVecMultitask(**small, image_weight=0.0).fit(captions, corpus)
    assert text.network_ is None and text.vectors_.words == corpus.vocabulary.words


def test_refuses_to_learn_from_nothing(captions: ImageCaptions) -> None:
    with pytest.raises(ParameterError, match="nothing to learn from"):
        ImageVecMultitask().fit()
    with pytest.raises(ParameterError, match="text_weight is -1"):
        ImageVecMultitask(text_weight=-1).fit(captions)
    with pytest.raises(ParameterError, match="use 'cpu'"):
        ImageVecMultitask(device="meta").fit(captions)
    untagged = ImageCaptions(captions.captions, captions.image_rows, captions.features)
    with pytest.raises(DataError, match="has no language tag"):
        ImageVecMultitask().fit(untagged)


def test_joint_words_keep_languages_together(corpus: Corpus) -> None:
    words = JointWords.of(corpus, ["de:neu", "fr:chose", "en:thing0"])
    assert [block.language for block in blocks(words.vocabulary)] == ["en", "de", "fr"]
    assert words.vocabulary.counts[words.rows(["fr:chose", "de:neu"])].tolist() == [0, 0]
    assert words.corpus is not None
    assert list(words.corpus.documents())[700] == list(corpus.documents())[700]
    with pytest.raises(DataError, match="do not stand together"):
        blocks(corpus.vocabulary.__class__(["en:a", "de:b", "en:c"], [1, 1, 1]))

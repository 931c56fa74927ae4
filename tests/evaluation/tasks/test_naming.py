import numpy as np
import pytest

import wordsight as ws
from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.evaluation.tasks.naming import naming
from wordsight.vectors.word_vectors import WordVectors

N = 50


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    random = np.random.default_rng(0)
    return WordVectors([f"{tag}:w{i}" for tag in ("en", "de") for i in range(N)], random.normal(size=(2 * N, 6)))


@pytest.fixture(scope="module")
def images(vectors: WordVectors) -> np.ndarray:
    return vectors.matrix[:N] * 3 + np.random.default_rng(1).normal(size=(N, 6))


def test_precision_is_that_of_ranking_by_cosine(vectors: WordVectors, images: np.ndarray) -> None:
    result = ws.evaluate(vectors, "naming", images=images, names=[f"W{i}" for i in range(N)], language="en").only
    words, pictures = (m / np.linalg.norm(m, axis=1, keepdims=True) for m in (vectors.matrix[:N], images))
    scores = pictures @ words.T
    ranks = np.array([(row > row[i]).sum() for i, row in enumerate(scores)])
    assert 0.2 < result.score < 1
    for k in (1, 5, 10):
        assert result.details["precision"][k] == pytest.approx((ranks < k).mean())
        assert result.details["chance"][k] == pytest.approx(k / N)
    assert (result.task, result.dataset, result.n, result.coverage) == ("naming", "en", N, 1.0)


def test_without_a_language_all_words_compete(vectors: WordVectors, images: np.ndarray) -> None:
    result = naming(vectors, images, [f"en:w{i}" for i in range(N)]).only
    assert result.score <= naming(vectors, images, [f"w{i}" for i in range(N)], language="en").score
    assert result.details["chance"][1] == pytest.approx(1 / (2 * N))


def test_images_whose_name_has_no_vector_are_left_out(vectors: WordVectors, images: np.ndarray) -> None:
    result = naming(vectors, images[:4], ["w0", "unheard", "w2", "unheard"], language="en").only
    assert (result.n, result.total, result.coverage) == (2, 4, 0.5)
    none = naming(vectors, images[:1], ["unheard"], language="en").only
    assert np.isnan(none.score) and none.n == 0


def test_refuses_what_does_not_fit(vectors: WordVectors, images: np.ndarray) -> None:
    with pytest.raises(ParameterError, match="50 images, 1 names"):
        naming(vectors, images, ["w0"], language="en")
    with pytest.raises(ParameterError, match="0 images, 0 names"):
        naming(vectors, images[:0], [], language="en")
    with pytest.raises(DataError, match=r"the images are \[2, 5\], but the words have 6 numbers each"):
        naming(vectors, images[:2, :5], ["w0", "w1"], language="en")
    with pytest.raises(UnknownNameError, match="unknown language 'fr'"):
        naming(vectors, images[:1], ["w0"], language="fr")

from pathlib import Path

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


IMAGES = [f"{i}.png" for i in range(N)]


@pytest.fixture(scope="module")
def images(vectors: WordVectors) -> WordVectors:
    return WordVectors(IMAGES, vectors.matrix[:N] * 3 + np.random.default_rng(1).normal(size=(N, 6)))


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    return {image: f"W{i}" for i, image in enumerate(IMAGES)}


def test_precision_is_that_of_ranking_by_cosine(
    vectors: WordVectors, images: WordVectors, names: dict[str, str]
) -> None:
    result = ws.evaluate(vectors, "naming", images=images, names=names, language="en").only
    words, pictures = (m / np.linalg.norm(m, axis=1, keepdims=True) for m in (vectors.matrix[:N], images.matrix))
    scores = pictures @ words.T
    ranks = np.array([(row > row[i]).sum() for i, row in enumerate(scores)])
    assert 0.2 < result.score < 1
    for k in (1, 5, 10):
        assert result.details["precision"][k] == pytest.approx((ranks < k).mean())
        assert result.details["chance"][k] == pytest.approx(k / N)
    assert (result.task, result.dataset, result.n, result.coverage) == ("naming", "en", N, 1.0)


def test_without_a_language_all_words_compete(vectors: WordVectors, images: WordVectors, names: dict[str, str]) -> None:
    result = naming(vectors, images, {image: f"en:{name.lower()}" for image, name in names.items()}).only
    assert result.score <= naming(vectors, images, names, language="en").score
    assert result.details["chance"][1] == pytest.approx(1 / (2 * N))


def test_images_whose_name_has_no_vector_are_left_out(vectors: WordVectors, images: WordVectors) -> None:
    some = {"0.png": "w0", "1.png": "unheard", "2.png": "w2", "3.png": "unheard"}
    result = naming(vectors, images, some, language="en").only
    assert (result.n, result.total, result.coverage) == (2, 4, 0.5)
    none = naming(vectors, images, {"0.png": "unheard"}, language="en").only
    assert np.isnan(none.score) and none.n == 0


def test_images_and_names_may_be_files(
    tmp_path: Path, vectors: WordVectors, images: WordVectors, names: dict[str, str]
) -> None:
    images.save(tmp_path / "images")
    table = tmp_path / "names.csv"
    table.write_text("image,name\n" + "".join(f"{image},{name}\n" for image, name in names.items()))
    found = naming(vectors, tmp_path / "images", table, language="en")
    assert found.to_dicts() == naming(vectors, images, names, language="en").to_dicts()
    table.write_text("image,name\n1.png,w1\n2.png,w2\n1.png,w3\n")
    with pytest.raises(DataError, match=r"names the image '1\.png' twice"):
        naming(vectors, images, table, language="en")


def test_refuses_what_does_not_fit(vectors: WordVectors, images: WordVectors) -> None:
    with pytest.raises(ParameterError, match="at least one image with a name"):
        naming(vectors, images, {}, language="en")
    with pytest.raises(UnknownNameError, match=r"unknown image '5\.pg'; did you mean '5\.png'"):
        naming(vectors, images, {"5.pg": "w0"}, language="en")
    with pytest.raises(DataError, match="the images have 5 numbers each, but the words have 6"):
        naming(vectors, WordVectors(IMAGES, images.matrix[:, :5]), {"0.png": "w0"}, language="en")
    with pytest.raises(UnknownNameError, match="unknown language 'fr'"):
        naming(vectors, images, {"0.png": "w0"}, language="fr")

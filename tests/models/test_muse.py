import numpy as np
import pytest

from wordsight.devices import threads
from wordsight.errors import DataError, ParameterError
from wordsight.models._muse_adversary import AdversarySettings, adversarial_start
from wordsight.models.muse import MUSE
from wordsight.modules.procrustes import procrustes
from wordsight.vectors.csls import best, hubness, mutual
from wordsight.vectors.search import unit_rows
from wordsight.vectors.word_vectors import WordVectors


def spaces(n: int = 300, dim: int = 10, noise: float = 0.05) -> list[WordVectors]:
    """Skewed vectors, and the same turned round with a little noise."""
    random = np.random.default_rng(0)
    first = random.exponential(size=(n, dim)) * np.linspace(3, 1, dim)
    turned = first @ np.linalg.qr(random.normal(size=(dim, dim)))[0] + noise * random.normal(size=(n, dim))
    return [WordVectors([f"{code}:w{i}" for i in range(n)], rows) for code, rows in (("en", first), ("de", turned))]


def right(model: MUSE, n: int = 300) -> float:
    found = model.vectors_.nearest([f"en:w{i}" for i in range(n)], 1, language="de")[0][:, 0]
    return float(np.mean([model.vectors_.words[row] == f"de:w{i}" for i, row in enumerate(found)]))


def test_procrustes_is_the_best_of_rotations() -> None:
    random = np.random.default_rng(1)
    source, target = random.normal(size=(2, 30, 4))
    found = procrustes(source, target)
    np.testing.assert_allclose(found @ found.T, np.eye(4), atol=1e-6)
    error = np.linalg.norm(source @ found - target)
    for _ in range(200):
        other = np.linalg.qr(found + 0.2 * random.normal(size=(4, 4)))[0]
        assert np.linalg.norm(source @ other - target) >= error - 1e-9
    rotation = np.linalg.qr(random.normal(size=(4, 4)))[0]
    np.testing.assert_allclose(procrustes(source, source @ rotation), rotation, atol=1e-6)


def test_csls_is_the_formula() -> None:
    random = np.random.default_rng(2)
    x, y = (unit_rows(random.normal(size=(n, 5))) for n in (12, 15))
    cosines = x.astype(np.float64) @ y.T.astype(np.float64)
    r_x = np.sort(cosines, axis=1)[:, -10:].mean(axis=1)
    r_y = np.sort(cosines, axis=0)[-10:].mean(axis=0)
    np.testing.assert_allclose(hubness(x, y), r_x, atol=1e-6)
    csls = 2 * cosines - r_x[:, None] - r_y
    found = best(x, y, hubness(x, y), hubness(y, x))
    np.testing.assert_array_equal(found.rows, csls.argmax(axis=1))
    np.testing.assert_allclose(found.scores, csls.max(axis=1), atol=1e-5)
    pairs, criterion = mutual(x, y)
    expected = [(i, j) for i, j in enumerate(csls.argmax(axis=1)) if csls[:, j].argmax() == i]
    assert list(map(tuple, pairs.tolist())) == expected
    assert criterion == pytest.approx(csls.max(axis=1).mean(), abs=1e-5)


def test_a_few_known_words_are_enough() -> None:
    model = MUSE(refinements=2).fit(spaces(), [(f"de:w{i}", f"en:w{i}") for i in range(30)])
    assert right(model) > 0.95
    assert len(model.mappings_) == len(model.criteria_) == 1 and model.history_ == []
    rotation = model.mappings_[0]
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(10), atol=1e-5)


def test_the_adversary_finds_a_rotation_without_any_known_word() -> None:
    """Three clusters of different sizes on a circle, turned by one radian: only one rotation makes them alike."""
    random = np.random.default_rng(0)
    clusters = ((0.0, 360), (1.2, 150), (2.8, 90))
    angles = np.concatenate([random.normal(mean, 0.15, n) for mean, n in clusters])
    source = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    turn = np.array([[np.cos(1), np.sin(1)], [-np.sin(1), np.cos(1)]], dtype=np.float32)
    model = MUSE(epochs=2, steps=250, hidden=64, batch_size=64, learning_rate=0.5)
    settings = AdversarySettings(**{name: getattr(model, name) for name in AdversarySettings._fields})
    with threads(1):
        mapping, training = adversarial_start(settings, source @ turn, source, "MUSE de")
    np.testing.assert_allclose(mapping, turn, atol=0.15)
    assert [row["epoch"] for row in training.history] == [1, 2]


def test_without_a_dictionary_the_best_by_the_criterion_is_kept() -> None:
    model = MUSE(epochs=2, steps=20, hidden=16, seed=0).fit(spaces())
    assert [row["epoch"] for row in model.history_] == [1, 2]
    assert model.criteria_[0] >= max(row["criterion"] for row in model.history_) - 1e-6


def test_refuses_spaces_that_do_not_fit() -> None:
    english, german = spaces(20)
    with pytest.raises(ParameterError, match="at least two languages, not 1"):
        MUSE().fit([english])
    with pytest.raises(DataError, match="the spaces have dims"):
        MUSE().fit([english, WordVectors(german.words, german.matrix[:, :3])])
    with pytest.raises(DataError, match="each needs one language of its own"):
        MUSE().fit([english, english])
    with pytest.raises(DataError, match="no pair of a word of en and one of de that have vectors"):
        MUSE().fit([english, german], [("en:unheard", "de:w1")])

from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError, ParameterError
from wordsight.evaluation.data.documents import LabelledDocuments
from wordsight.evaluation.tasks.classification import PENALTY, classification, logistic, perceptron
from wordsight.vectors.word_vectors import WordVectors

KINDS = ("animal", "food", "tool")


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    """Words of a kind lie together, whatever their language; "the" is everywhere."""
    random = np.random.default_rng(0)
    centres = np.eye(3, 8) * 3
    words = [f"{code}:{kind}{i}" for code in ("en", "de") for kind in KINDS for i in range(10)]
    rows = [centres[KINDS.index(w.split(":")[1].rstrip("0123456789"))] + random.normal(size=8) for w in words]
    return WordVectors([*words, "en:the", "de:the"], np.array([*rows, np.ones(8) * 9, np.ones(8) * 9]))


def documents(n: int = 120) -> LabelledDocuments:
    random = np.random.default_rng(1)
    labels = [str(random.choice(KINDS)) for _ in range(n)]
    texts = ["the " + " ".join(f"{label}{i}" for i in random.integers(0, 10, 3)) for label in labels]
    languages = ["en", "de"] * (n // 2) + ["de"]
    parts = ["train", "train", "test", "test"] * (n // 4) + ["test"]
    return LabelledDocuments("made up", [*texts, "unheard"], [*labels, "food"], languages, parts)


@pytest.mark.parametrize("classifier", ["perceptron", "logistic"])
def test_what_is_learned_in_one_language_holds_in_the_other(vectors: WordVectors, classifier: str) -> None:
    english, german = classification(vectors, documents(), train=["en"], classifier=classifier)
    assert (english.dataset, german.dataset) == ("made up en-en", "made up en-de")
    assert english.score > 0.9 and german.score > 0.9
    assert (english.n, english.total, german.n, german.total) == (30, 30, 30, 31)  # no word of one is known
    assert english.details["training_documents"] == 30 and english.details["commonest_label"] < 0.6


def test_words_that_are_everywhere_weigh_nothing(vectors: WordVectors) -> None:
    """Each document has "the", so its idf is log 1 = 0, however long its vector."""
    data = documents()
    rows = [row for row in zip(data.texts, data.labels, data.languages, data.parts, strict=True) if row[2] == "en"]
    bare = [(text.removeprefix("the "), *rest) for text, *rest in rows]
    parts = (LabelledDocuments("x", *zip(*of, strict=True)) for of in (rows, bare))
    scores = [classification(vectors, part, train=["en"], classifier="logistic").score for part in parts]
    assert rows != bare and scores[0] == scores[1]


def test_logistic_regression_is_at_the_minimum() -> None:
    random = np.random.default_rng(2)
    matrix, labels = random.normal(size=(60, 4)), random.integers(0, 3, 60)
    weights = logistic(matrix, labels, 3, 0)
    exponentials = np.exp(matrix @ weights.T)
    shares = exponentials / exponentials.sum(axis=1, keepdims=True)
    gradient = (shares - np.eye(3)[labels]).T @ matrix / 60 + PENALTY * weights
    assert np.abs(gradient).max() < 1e-3


def test_the_perceptron_is_the_mean_of_its_weights() -> None:
    random = np.random.default_rng(3)
    matrix, labels = random.normal(size=(20, 3)), random.integers(0, 2, 20)
    rng, weights, total, seen = np.random.default_rng(7), np.zeros((2, 3)), np.zeros((2, 3)), 0
    for _ in range(10):
        for i in rng.permutation(20):
            guess = (weights @ matrix[i]).argmax()
            if guess != labels[i]:
                weights[labels[i]] += matrix[i]
                weights[guess] -= matrix[i]
            total += weights
            seen += 1
    np.testing.assert_allclose(perceptron(matrix, labels, 2, 7), total / seen, atol=1e-12)


def test_reads_the_reuters_layout(tmp_path: Path) -> None:
    files = {
        "train/EN100/C/1.txt": "shares fell",
        "train/EN200/C/2.txt": "other size",
        "train/DE100/G/3.txt": "die wahl",
        "test/en/G/4.txt": "the vote",
        "test/de/C/5.txt": "aktien",
    }
    for where, text in files.items():
        (tmp_path / where).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / where).write_text(text)
    found = LabelledDocuments.from_rcv(tmp_path, 100)
    rows = set(zip(found.texts, found.labels, found.languages, found.parts, strict=True))
    assert rows == {
        ("shares fell", "C", "en", "train"), ("die wahl", "G", "de", "train"), ("the vote", "G", "en", "test"),
        ("aktien", "C", "de", "test"),
    }  # fmt: skip
    with pytest.raises(DataError, match="no documents of the part train, such as train/EN500/C"):
        LabelledDocuments.from_rcv(tmp_path, 500)


def test_reads_a_table(tmp_path: Path) -> None:
    (tmp_path / "news.tsv").write_text("text\tlabel\tlang\tsplit\na b\tX\ten\ttrain\nc\tY\tde\ttest\n")
    found = LabelledDocuments.from_table(tmp_path / "news.tsv")
    assert found.name == "news" and list(found.languages) == ["en", "de"] and list(found.parts) == ["train", "test"]
    (tmp_path / "news.tsv").write_text("text\tlabel\tlang\tsplit\na b\tX\ten\tdev\n")
    with pytest.raises(DataError, match="part 'dev'"):
        LabelledDocuments.from_table(tmp_path / "news.tsv")


def test_refuses_what_cannot_be_learned(vectors: WordVectors) -> None:
    with pytest.raises(LookupError, match="did you mean 'perceptron'"):
        classification(vectors, documents(), train=["en"], classifier="perceptrom")
    with pytest.raises(ParameterError, match="at least one language"):
        classification(vectors, documents(), train=[])
    with pytest.raises(DataError, match="no training document in fr"):
        classification(vectors, documents(), train=["fr"])

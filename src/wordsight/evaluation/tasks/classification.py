"""Document classification across languages: a classifier learns in some languages and is tried in each.

A document is the mean of its words' vectors, weighted by the logarithm of their inverse document frequency.
Klementiev, Titov, Bhattarai: Inducing Crosslingual Distributed Representations of Words. COLING 2012 (section 5).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from wordsight.errors import DataError, ParameterError, unknown_name
from wordsight.evaluation.data.documents import LabelledDocuments
from wordsight.evaluation.metrics.statistics import bootstrap_interval, mean_of, score
from wordsight.evaluation.result import Result, Results
from wordsight.evaluation.task_inputs import Given, Resamples, Seed
from wordsight.progress import progress
from wordsight.text.tokenize import tokenizer
from wordsight.vectors.search import unit_rows
from wordsight.vectors.word_vectors import WordVectors

PASSES = 10
"""How often the perceptron sees each training document."""
PENALTY = 1e-3
"""Weight of the squared weights in logistic regression, beside a document's mean loss."""

Classifier = Callable[[np.ndarray, np.ndarray, int, int], np.ndarray]
"""(vectors [n, dim], labels int64 [n], number of labels, seed) → weights [n_labels, dim]."""


def classification(
    vectors: WordVectors,
    documents: Annotated[LabelledDocuments | str | os.PathLike[str], Given("PATH", Path)],
    *,
    train: Annotated[Sequence[str], Given("CODE", list[str])],
    classifier: Annotated[str, Given("NAME")] = "perceptron",
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> Results:
    """Document classification: accuracy in each language, learned in one or several; one result a language.

    Documents without any word that has a vector are not asked; coverage is the share of the others.

    Args:
        vectors: words tagged with their language (``en:cat``).
        documents: documents with labels, languages and parts: a table with the columns text, label, language and
            part (train or test), or a folder of the Reuters news of Klementiev et al.
        train: languages whose training documents are learned from.
        classifier: ``"perceptron"`` (averaged) or ``"logistic"`` (regression).
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap and of the order of the perceptron's documents.

    Raises:
        UnknownNameError: no such classifier.
        ParameterError: no language to train on.
        DataError: the documents cannot be read, or none to learn from has a word with a vector.
    """
    if classifier not in CLASSIFIERS:
        raise unknown_name("classifier", classifier, CLASSIFIERS, hint=f"there are: {', '.join(CLASSIFIERS)}")
    if isinstance(train, str) or not train:
        raise ParameterError("train is a list of at least one language, e.g. ['en']")
    if not isinstance(documents, LabelledDocuments):
        documents = LabelledDocuments.load(documents)
    found = _represented(vectors, documents)
    names = sorted(set(documents.labels))
    labels = np.array([names.index(label) for label in documents.labels])
    languages, parts = np.array(documents.languages), np.array(documents.parts)
    learned = (parts == "train") & np.isin(languages, list(train)) & found.known
    if not learned.any():
        raise DataError(f"no training document in {', '.join(train)} has a word with a vector")
    weights = CLASSIFIERS[classifier](found.matrix[learned], labels[learned], len(names), seed)
    results = []
    for language in dict.fromkeys(documents.languages):
        asked = (parts == "test") & (languages == language)
        if not asked.any():
            continue
        answered = asked & found.known
        right = (found.matrix[answered] @ weights.T).argmax(axis=1) == labels[answered]
        statistic, n = mean_of(right), len(right)
        commonest = np.bincount(labels[answered], minlength=len(names)).max() / max(n, 1)
        details = {
            "metric": "accuracy", "classifier": classifier, "trained_on": list(train), "labels": names,
            "training_documents": int(learned.sum()), "commonest_label": float(commonest),
            "missing_words": "left out of the mean", "resamples": resamples, "seed": seed,
        }  # fmt: skip
        interval = bootstrap_interval(statistic, n, resamples=resamples, seed=seed)
        name = f"{documents.name} {'+'.join(train)}-{language}"
        results.append(Result("classification", name, score(statistic, n), n, int(asked.sum()), interval, details))
    return Results(results)


class _Represented(NamedTuple):
    """Documents as unit vectors with a 1 at the end, and which have a word with a vector."""

    matrix: np.ndarray
    known: np.ndarray


def _represented(vectors: WordVectors, documents: LabelledDocuments) -> _Represented:
    pairs = zip(documents.languages, documents.texts, strict=True)
    counted = [Counter(tokenizer("words", language).tokens(text)) for language, text in pairs]
    frequency = Counter(word for words in counted for word in words)
    sizes = Counter(documents.languages)
    matrix = np.zeros((len(documents), vectors.dim + 1))
    with progress("documents", len(documents), unit="documents") as advance:
        for row, (words, language) in enumerate(zip(counted, documents.languages, strict=True)):
            rows = vectors.rows(words)
            idf = np.array([np.log(sizes[language] / frequency[word]) for word in words])
            weights = np.array(list(words.values())) * idf
            kept = rows >= 0
            matrix[row, :-1] = weights[kept] @ vectors.unit[rows[kept]].astype(np.float64)
            advance(1)
    known = np.asarray(matrix.any(axis=1))
    matrix[:, :-1] = unit_rows(matrix[:, :-1].astype(np.float32))
    matrix[:, -1] = 1
    return _Represented(matrix, known)


def perceptron(matrix: np.ndarray, labels: np.ndarray, n_labels: int, seed: int) -> np.ndarray:
    """The averaged perceptron (Collins 2002), as Klementiev et al. use it: the mean of its weights over documents."""
    rng = np.random.default_rng(seed)
    weights = np.zeros((n_labels, matrix.shape[1]))
    weighted = np.zeros_like(weights)  # Σ over updates of (number of the document) · change
    seen = 0
    with progress("perceptron", PASSES, unit="passes") as advance:
        for _ in range(PASSES):
            for i in rng.permutation(len(matrix)):
                guess, right = int((weights @ matrix[i]).argmax()), int(labels[i])
                if guess != right:
                    for label, change in ((right, matrix[i]), (guess, -matrix[i])):
                        weights[label] += change
                        weighted[label] += seen * change
                seen += 1
            advance(1)
    average: np.ndarray = weights - weighted / seen
    return average


def logistic(matrix: np.ndarray, labels: np.ndarray, n_labels: int, seed: int) -> np.ndarray:
    """Multinomial logistic regression with a penalty on the squared weights, by L-BFGS; nothing is drawn."""
    truth = np.eye(n_labels)[labels]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(n_labels, -1)
        logits = matrix @ weights.T
        value = (logsumexp(logits, axis=1) - (truth * logits).sum(axis=1)).mean() + PENALTY / 2 * (flat @ flat)
        gradient = (softmax(logits, axis=1) - truth).T @ matrix / len(matrix) + PENALTY * weights
        return float(value), gradient.ravel()

    found = minimize(loss, np.zeros(n_labels * matrix.shape[1]), jac=True, method="L-BFGS-B")
    weights: np.ndarray = found.x.reshape(n_labels, -1)
    return weights


CLASSIFIERS: Mapping[str, Classifier] = {"perceptron": perceptron, "logistic": logistic}
"""Name → how the weights are learned."""

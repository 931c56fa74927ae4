"""The matching task against its definition written out; its questions on disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import wordsight as ws
from wordsight.errors import DataError, ParameterError
from wordsight.evaluation.data.candidates import Candidates
from wordsight.evaluation.tasks.matching import matching
from wordsight.vectors.word_vectors import WordVectors

N_IMAGES, N_WORDS, N_CANDIDATES, DIM = 60, 40, 12, 5


@pytest.fixture(scope="module")
def words_of() -> dict[str, list[str]]:
    """Image → one to three of 40 words."""
    random = np.random.default_rng(0)
    return {
        f"image{i}": [f"w{w}" for w in random.choice(N_WORDS, random.integers(1, 4), replace=False)]
        for i in range(N_IMAGES)
    }


@pytest.fixture(scope="module")
def candidates(words_of: dict[str, list[str]]) -> Candidates:
    return Candidates.draw(words_of, ["extra0", "extra1"], n_candidates=N_CANDIDATES, seed=3)


@pytest.fixture(scope="module")
def vectors(candidates: Candidates) -> WordVectors:
    return WordVectors(candidates.words, np.random.default_rng(1).normal(size=(len(candidates.words), DIM)))


@pytest.fixture(scope="module")
def images(vectors: WordVectors, words_of: dict[str, list[str]]) -> WordVectors:
    noise = np.random.default_rng(2).normal(size=(N_IMAGES, DIM))
    matrix = np.stack([vectors[own].mean(axis=0) for own in words_of.values()]) * 2 + noise
    return WordVectors(list(words_of), matrix)


def test_wrong_answers_are_wrong_and_right_ones_right(words_of: dict[str, list[str]], candidates: Candidates) -> None:
    assert sorted(candidates.image_ids) == sorted(words_of) and {"extra0", "extra1"} <= set(candidates.words)
    for i, image in enumerate(candidates.image_ids):
        word = candidates.words[candidates.right_words[i]]
        others = [candidates.words[w] for w in candidates.other_words[i]]
        pictures = [candidates.image_ids[p] for p in candidates.other_images[i]]
        assert word in words_of[image] and not set(others) & set(words_of[image])
        assert not any(word in words_of[picture] for picture in pictures)
        assert len(set(others)) == len(set(pictures)) == N_CANDIDATES - 1


def test_the_seed_and_the_data_alone_decide(words_of: dict[str, list[str]], candidates: Candidates) -> None:
    backwards = {image: words[::-1] for image, words in reversed(words_of.items())}
    again = Candidates.draw(backwards, ["extra1", "extra0"], n_candidates=N_CANDIDATES, seed=3)
    assert again.fingerprint == candidates.fingerprint
    other = Candidates.draw(words_of, ["extra0", "extra1"], n_candidates=N_CANDIDATES, seed=4)
    assert other.fingerprint != candidates.fingerprint


def test_precision_is_that_of_ranking_by_cosine(
    vectors: WordVectors, images: WordVectors, words_of: dict[str, list[str]], candidates: Candidates
) -> None:
    results = ws.evaluate(vectors, "matching", images=images, candidates=candidates)
    place = {image: row for row, image in enumerate(words_of)}
    unit = images.matrix / np.linalg.norm(images.matrix, axis=1, keepdims=True)
    ranks: dict[str, list[int]] = {"image-to-word": [], "word-to-image": []}
    for i, image in enumerate(candidates.image_ids):
        word = vectors[candidates.words[candidates.right_words[i]]]
        word = word / np.linalg.norm(word)
        right = unit[place[image]] @ word
        wrong_words = np.stack([vectors[candidates.words[w]] for w in candidates.other_words[i]])
        wrong_words = wrong_words / np.linalg.norm(wrong_words, axis=1, keepdims=True)
        wrong_images = unit[[place[candidates.image_ids[p]] for p in candidates.other_images[i]]]
        ranks["image-to-word"].append(int((wrong_words @ unit[place[image]] > right).sum()))
        ranks["word-to-image"].append(int((wrong_images @ word > right).sum()))
    for direction, found in ranks.items():
        result = results[direction]
        assert 0.1 < result.score < 0.95 and result.coverage == 1
        for k in (1, 5, 10):
            assert result.details["precision"][k] == pytest.approx(np.mean(np.array(found) < k))
            assert result.details["chance"][k] == pytest.approx(k / N_CANDIDATES)
            low, high = result.details["intervals"][k]
            assert low <= result.details["precision"][k] <= high
        assert result.interval == result.details["intervals"][1]


def test_saved_questions_are_asked_again(
    tmp_path: Path, vectors: WordVectors, images: WordVectors, words_of: dict[str, list[str]], candidates: Candidates
) -> None:
    candidates.save(tmp_path / "questions.json")
    loaded = Candidates.load(tmp_path / "questions.json")
    assert loaded.fingerprint == candidates.fingerprint and loaded.seed == 3
    once = matching(vectors, images, candidates)
    assert matching(vectors, images, tmp_path / "questions.json").to_dicts() == once.to_dicts()
    assert once[0].details["candidates_fingerprint"] == candidates.fingerprint


def test_ties_count_against_the_right_answer(words_of: dict[str, list[str]], candidates: Candidates) -> None:
    same = WordVectors(candidates.words, np.ones((len(candidates.words), DIM)))
    results = matching(same, WordVectors(list(words_of), np.ones((N_IMAGES, DIM))), candidates)
    assert [result.details["precision"][10] for result in results] == [0, 0]


def test_what_has_no_vector_is_left_out_or_never_found(
    vectors: WordVectors, images: WordVectors, words_of: dict[str, list[str]], candidates: Candidates
) -> None:
    half = [word for word in candidates.words if int(word.lstrip("wextra")) % 2]
    known = set(half)
    right = [candidates.words[w] in known for w in candidates.right_words]
    results = matching(WordVectors(half, vectors[half]), images, candidates)
    assert [result.n for result in results] == [sum(right)] * 2 and results[0].total == N_IMAGES
    assert results[0].score >= matching(vectors, images, candidates)[0].score - 0.2
    fewer = matching(vectors, WordVectors(images.words[:50], images.matrix[:50]), candidates)
    assert [result.n for result in fewer] == [50, 50]


def test_refuses_what_does_not_fit(
    tmp_path: Path, vectors: WordVectors, images: WordVectors, words_of: dict[str, list[str]], candidates: Candidates
) -> None:
    with pytest.raises(ParameterError, match="n_candidates is 1"):
        Candidates.draw(words_of, n_candidates=1)
    with pytest.raises(DataError, match="lower n_candidates"):
        Candidates.draw(words_of, n_candidates=100)
    with pytest.raises(DataError, match="every image needs at least one word"):
        Candidates.draw({"image": []}, n_candidates=2)
    with pytest.raises(DataError, match="the images have 4 numbers each, but the words have 5"):
        matching(vectors, WordVectors(images.words, images.matrix[:, :4]), candidates)


def test_a_damaged_file_of_questions_is_named(tmp_path: Path, candidates: Candidates) -> None:
    path = tmp_path / "questions.json"
    candidates.save(path)
    whole = json.loads(path.read_text())
    changes: list[dict[str, object]] = [
        {"kind": "poem"},
        {"right_words": [0]},
        {"other_words": [[9999]] * N_IMAGES},
        {"image_ids": []},
    ]
    for change in changes:
        path.write_text(json.dumps(whole | change))
        with pytest.raises(DataError, match=r"questions\.json holds no whole matching candidates"):
            Candidates.load(path)
    path.write_text("{")
    with pytest.raises(DataError, match=r"questions\.json"):
        Candidates.load(path)
    with pytest.raises(DataError, match="no such file"):
        Candidates.load(tmp_path / "absent.json")

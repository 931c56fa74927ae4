"""``eval``: each task from the command line, its help, and what it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.cli.conftest import Refused, Run

import wordsight as ws
from wordsight.datasets import fetch
from wordsight.errors import DataError
from wordsight.evaluation.data.candidates import Candidates
from wordsight.evaluation.registry import TASKS, task_function
from wordsight.evaluation.result import Result, Results
from wordsight.evaluation.task_inputs import inputs_of
from wordsight.vectors.word_vectors import WordVectors


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """Ratings in the order of the cosines of ``vectors``, and one pair with an unknown word."""
    path = tmp_path / "pairs.txt"
    path.write_text("goose duck 9\ngoose swan 8\ngoose lake 7\ngoose sky 1\ngoose xylophone 5\n")
    return path


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    """Twelve words in each of two languages, in a space of their own."""
    random = np.random.default_rng(0)
    english = random.normal(size=(12, 6))
    words = [f"{code}:w{i}" for code in ("en", "de") for i in range(12)]
    WordVectors(words, np.concatenate([english, english + random.normal(size=(12, 6))])).save(tmp_path / "tagged")
    return tmp_path / "tagged"


def test_similarity_is_the_default_and_shows_and_writes_the_scores(
    run: Run, tmp_path: Path, vectors: Path, pairs: Path
) -> None:
    reverse = tmp_path / "reverse.txt"
    reverse.write_text("goose duck 1\ngoose swan 2\ngoose lake 3\n")
    result = run("eval", vectors, pairs, reverse, "--json", "results.json")
    assert result.code == 0
    rows = [line.split() for line in result.out.splitlines()]
    assert [row for row in rows if row[:2] == ["pairs", "1.000"] and row[-4:] == ["4", "of", "5", "80.0%"]]
    assert [row for row in rows if row[:2] == ["reverse", "-1.000"] and row[-1] == "100.0%"]
    first, second = json.loads((tmp_path / "results.json").read_text())
    assert (first["dataset"], first["n"], first["total"]) == ("pairs", 4, 5)
    assert (first["score"], second["score"]) == pytest.approx((1, -1))


def test_words_are_found_by_their_language(run: Run, tmp_path: Path, pairs: Path) -> None:
    WordVectors(["en:goose", "en:duck", "en:sky", "en:lake"], np.eye(4)).save(tmp_path / "tagged")
    assert "3 of 5" in run("eval", "tagged", pairs, "--language", "en").out
    assert "0 of 5" in run("eval", "tagged", pairs).out


def written(run: Run, tmp_path: Path, *arguments: object) -> list[dict[str, object]]:
    """What ``eval … --json`` writes."""
    result = run("eval", *arguments, "--json", "found.json")
    assert result.code == 0, result.err
    found: list[dict[str, object]] = json.loads((tmp_path / "found.json").read_text())
    for row in found:
        assert str(row["dataset"]) in result.out
    return found


def as_json(results: Results) -> object:
    return json.loads(json.dumps(results.to_dicts()))


def test_each_task_gives_what_the_library_gives(run: Run, tmp_path: Path, tagged: Path) -> None:
    space = WordVectors.load(tagged)
    rated = tmp_path / "rated.txt"
    lines = (f"w{i}\tw{(3 * i + 1) % 12}\t{i % 5}\ten\tde\n" for i in range(12))
    rated.write_text("".join(lines))
    dictionary = tmp_path / "en-de.txt"
    dictionary.write_text("".join(f"w{i} w{i}\n" for i in range(12)))
    documents = tmp_path / "documents.csv"
    rows = (f"w{i} w{i + 1},{'AB'[i % 2]},{c},{p}\n" for i in range(8) for c, p in (("en", "train"), ("de", "test")))
    documents.write_text("text,label,language,part\n" + "".join(rows))
    ids = [f"{i}.png" for i in range(12)]
    WordVectors(ids, space[[f"en:w{i}" for i in range(12)]] + 0.1).save(tmp_path / "images")
    names = tmp_path / "names.csv"
    names.write_text("image,name\n" + "".join(f"{i}.png,w{i}\n" for i in range(12)))
    questions = tmp_path / "questions.json"
    Candidates.draw({image: [f"en:w{i}"] for i, image in enumerate(ids)}, n_candidates=5).save(questions)
    options: dict[str, dict[str, object]] = {
        "crosslingual": {"files": rated},
        "monolingual": {"files": rated, "resamples": 50},
        "translation": {"dictionary": dictionary, "source": "en", "target": "de", "retrieval": "csls"},
        "classification": {"documents": documents, "train": ["en"], "classifier": "logistic"},
        "naming": {"images": tmp_path / "images", "names": names, "language": "en", "seed": 3},
        "matching": {"images": tmp_path / "images", "candidates": questions},
    }
    for task, inputs in options.items():
        flags = [["--" + k, *(v if isinstance(v, list) else [v])] for k, v in inputs.items() if k != "files"]
        files = [inputs["files"]] if "files" in inputs else []
        found = written(run, tmp_path, tagged, *files, "--task", task, *(part for option in flags for part in option))
        assert found == as_json(ws.evaluate(space, task, **inputs)), task


def test_images_may_be_features_that_the_model_places(
    run: Run, tmp_path: Path, features: Path, images: list[str]
) -> None:
    captions = ws.ImageCaptions.from_table(_captions(tmp_path, images), ws.ImageFeatures.load(features))
    model = ws.ImageVec(dim=4, epochs=1, workers=1).fit(captions)
    model.save(tmp_path / "model")
    names = tmp_path / "names.csv"
    names.write_text("image,name\n" + "".join(f"{image},{image.partition('/')[0]}\n" for image in images))
    found = written(run, tmp_path, "model", "--task", "naming", "--images", features, "--names", names)
    space = WordVectors(captions.features.ids, model.image_vectors(captions.features))
    assert found == as_json(ws.evaluate(model.vectors_, "naming", images=space, names=names))


def _captions(folder: Path, images: list[str]) -> Path:
    (folder / "captions.csv").write_text("image,caption\n" + "".join(f"{i},{i.partition('/')[0]}\n" for i in images))
    return folder / "captions.csv"


@pytest.mark.parametrize("task", TASKS)
def test_help_shows_what_each_task_takes(run: Run, task: str) -> None:
    result = run("eval", "--task", task, "--help")
    assert result.code == 0
    for name, item in inputs_of(task_function(task)).items():
        shown = "FILE..." if name == "files" else f"--{name} "
        assert (shown in result.out) == (item.given is not None), name
    assert all(other in result.out for other in TASKS) and ":mod:" not in result.out and "``" not in result.out


def test_what_is_lacking_or_unknown_is_one_line_that_says_what_the_task_takes(
    refused: Refused, vectors: Path, pairs: Path
) -> None:
    refused("eval", vectors, because="the task similarity needs FILE...; give FILE...")
    refused(
        "eval", vectors, "--task", "translation", "--dictionary", pairs,
        because="needs --dictionary FILE, --source CODE and --target CODE; give --source CODE and --target CODE",
    )  # fmt: skip
    refused("eval", vectors, "--task=naming", "--name", "x", because="'--name'; did you mean '--names'")
    refused("eval", vectors, pairs, "--dictionary", pairs, because="it takes: FILE..., --language CODE, --resamples N")
    refused("eval", vectors, pairs, "--task", "similarty", because="did you mean 'similarity'?")
    refused(
        "eval", vectors, "--task", "retrieval", "--captions", pairs, "--settings", "epoch=1", "--features", vectors,
        because="vectors is not a features directory",
    )  # fmt: skip


def test_bad_files_are_refused(refused: Refused, vectors: Path, pairs: Path, labels: Path) -> None:
    refused("eval", "absent", pairs, because="no such vectors: absent")
    refused("eval", vectors, "absent.txt", because="absent.txt")
    refused("eval", vectors, labels, because="labels.csv, line 1")
    matrix = vectors / "vectors.safetensors"
    matrix.write_bytes(matrix.read_bytes()[:-40])
    refused("eval", vectors, pairs, because="vectors.safetensors")


TOY = '''
"""A task that needs one file and one line."""

from __future__ import annotations

from typing import Annotated

from wordsight.evaluation.result import Result, Results
from wordsight.evaluation.task_inputs import Given
from wordsight.vectors.word_vectors import WordVectors


def lengths(
    vectors: WordVectors, letters: Annotated[int, Given("N", int)], *, prefix: Annotated[str, Given("TEXT")] = ""
) -> Results:
    """Word length: the share of words that are long.

    Args:
        vectors: what to evaluate.
        letters: how many letters are long.
        prefix: only words that begin so.
    """
    asked = [word for word in vectors.words if word.startswith(prefix)]
    score = sum(len(word) >= letters for word in asked) / len(asked)
    details = {"metric": "share"}
    return Results([Result("lengths", "words", score, len(asked), len(vectors), (score, score), details)])
'''


def test_a_new_task_takes_one_file_and_one_line(
    run: Run, refused: Refused, tmp_path: Path, vectors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "toy_lengths.py").write_text(TOY)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(TASKS, "lengths", "toy_lengths:lengths")
    result = ws.evaluate(WordVectors.load(vectors), "lengths", letters=5)
    assert isinstance(result.only, Result) and result.score == 4 / 16  # goose, river, water, feather
    assert "lengths" in run("eval", "--help").out
    assert "How many letters are long" in run("eval", "--task", "lengths", "--help").out
    assert "0.500" in run("eval", vectors, "--task", "lengths", "--letters", 5, "--prefix", "w").out
    refused("eval", vectors, "--task", "lengths", because="the task lengths needs --letters N; give --letters N")
    tools = Path(__file__).parents[2] / "tools"
    monkeypatch.syspath_prepend(tools)
    from tasks_page import tasks_page, tasks_table

    assert "| `lengths` | Word length: the share of words that are long | letters |" in tasks_table()
    assert "--letters N" in tasks_page()
    sys.modules.pop("toy_lengths")


@pytest.mark.data
def test_a_suite_is_one_table_with_the_average(
    run: Run, refused: Refused, data: Path, vectors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(name: str) -> list[Path]:
        raise DataError(f"cannot fetch {name}")

    monkeypatch.setattr(fetch, "get", no_network)
    monkeypatch.setenv("WORDSIGHT_CACHE", "/nowhere")
    result = run("eval", vectors, data / "similarity", "--suite", "english")
    names = [line.split()[0] for line in result.out.splitlines() if line.strip().endswith("%")]
    assert names == [
        "EN-MEN-TR-3k", "EN-SIMLEX-999", "EN-WS-353-ALL", "EN-RG-65", "EN-MTurk-287", "EN-YP-130", "EN-VERB-143",
        "average",
    ]  # fmt: skip
    assert "left out, for they are not there: mturk-771, rare-words, simverb-3500" in result.err
    refused("eval", vectors, "--suite", "english", "--task", "naming", because="leave out --suite or --task naming")
    refused("eval", vectors, "--suite", "german", because="unknown suite 'german'; there are: english")

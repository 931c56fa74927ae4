"""Each long job is killed or told to stop at ten moments, and ends the same, bit for bit, when it is started again."""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.robustness.killing import JOBS, N_KILLS

from wordsight.images.features import ImageFeatures
from wordsight.text.corpus import Corpus

PROGRAM = Path(__file__).with_name("killing.py")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text, photographs, features, labels, captions and the recipe of a paper."""
    folder, rng = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    words = [f"w{i}" for i in range(60)]
    lines = "".join(" ".join(rng.choice(words, 15)) + "\n" for _ in range(800))
    (folder / "text.txt").write_text(lines)
    (folder / "text.txt.xz").write_bytes(lzma.compress(lines[::-1].encode()))
    Corpus.from_text(folder / "text.txt", directory=folder / "corpus")
    (folder / "photos").mkdir()
    for i in range(12):
        Image.fromarray(rng.integers(0, 255, (24, 24, 3), np.uint8)).save(folder / f"photos/{i:02}.png")
    images = [f"i{i}" for i in range(30)]
    ImageFeatures(images, rng.normal(size=(30, 12)).astype(np.float32)).save(folder / "features")
    rows = [f"{words[i]},{image}" for i, image in enumerate(images)]
    (folder / "labels.csv").write_text("word,image\n" + "\n".join(rows) + "\n")
    captions = [f"{image},{words[i]} {words[i // 2]}" for i, image in enumerate(images)]
    (folder / "captions.csv").write_text("image,caption\n" + "\n".join(captions) + "\n")
    (folder / "recipes/tiny").mkdir(parents=True)
    about = (
        'title = "Tiny"\ncitation = "None"\nprotocol = "None."\nmeasured_on = "n"\n[scales.standard]\n[scales.paper]\n'
    )
    (folder / "recipes/tiny/recipe.toml").write_text(about)
    (folder / "recipes/tiny/table1.toml").write_text('title = "Numbers"\n')
    return folder


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills processes")
@pytest.mark.parametrize("signal", ["SIGKILL", "SIGTERM"])
@pytest.mark.parametrize("job", JOBS)
def test_ten_kills(job: str, signal: str, data: Path) -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(PROGRAM), job, str(data), signal]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    for name in ("whole", "killed*"):
        for left in data.glob(name):
            subprocess.run(["rm", "-r", str(left)], check=True)
    assert done.returncode == 0, done.stderr[-3000:]
    kills = json.loads(done.stdout)
    assert len(kills) == N_KILLS
    assert [kill for kill in kills if kill["status"] or kill["differ"]] == []
    # Most kills leave something to go on with, so that the second run has less to do.
    assert sum(kill["moments_after"] < kill["of"] for kill in kills) >= N_KILLS / 2

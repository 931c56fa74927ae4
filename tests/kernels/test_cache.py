"""Where compiled kernels are kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import wordsight

PROGRAM = """
from wordsight.text._word_table import WordTable
print(WordTable().encode(b"a rose is a rose").ids.tolist())
"""


def test_they_are_kept_in_the_users_folder_where_the_package_cannot_be_written(tmp_path: Path) -> None:
    package = tmp_path / "site" / "wordsight"
    shutil.copytree(Path(wordsight.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    # Whoever runs the tests as root may write everywhere; but where a file has its name, nobody can make the folder.
    (package / "text" / "__pycache__").touch()
    home = tmp_path / "home"
    places = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "PYTHONPATH": str(package.parent), "NUMBA_CACHE_DIR": ""}
    kept = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=os.environ | places, capture_output=True, text=True, check=True
        )
        assert done.stdout == "[0, 1, 2, 0, 1]\n" and not done.stderr
        kept.append({path.name: path.stat().st_mtime_ns for path in home.rglob("*.nbc")})
    assert any("_encode" in name for name in kept[0])
    assert kept[1] == kept[0], "the second run compiled again"


TRAINING = """
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
corpus = Corpus.from_documents(["a rose is a rose"] * 20, min_count=1)
print(SGNS(dim=4, epochs=3, subsample=1.0, workers=1).fit(corpus).vectors_.fingerprint)
"""


def test_a_change_in_what_a_kernel_inlines_is_seen_and_older_code_is_deleted(tmp_path: Path) -> None:
    package = tmp_path / "site" / "wordsight"
    shutil.copytree(Path(wordsight.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    inlined = package / "kernels/sampling.py"
    original = inlined.read_text()
    changed = original.replace("np.uint64(2685821657736338717)", "np.uint64(2685821657736338719)")
    assert changed != original
    printed, kept = [], []
    for source in (original, changed, original):
        inlined.write_text(source)
        environment = os.environ | {"PYTHONPATH": str(package.parent), "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
        done = subprocess.run(
            [sys.executable, "-c", TRAINING], env=environment, capture_output=True, text=True, check=True
        )
        printed.append(done.stdout)
        kept.append({path.name for path in (tmp_path / "kept").rglob("skipgram*.nbc")})
    assert printed[0] == printed[2] != printed[1]
    assert [len(names) for names in kept] == [1, 1, 1] and not kept[0] & kept[1]

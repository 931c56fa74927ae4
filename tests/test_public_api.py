from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import wordsight

SOURCE = Path(wordsight.__file__).parent
PUBLIC = {
    "CBOW", "CNN", "CNNSGNS", "Corpus", "IESG", "IVSGNS", "ImageCaptions", "ImageEncoder", "ImageFeatures",
    "ImageVec", "ImageVecMultitask", "L2Projection", "MUSE", "Model", "MultiSkip", "PIXIE", "ParallelText", "SGNS",
    "VAESGNS", "VSGNS", "VisualLexicon", "VisualVAE", "Vocabulary", "WIELD", "WIELDInput", "WordVectors",
    "WordsightError", "__version__", "evaluate", "image_encoder", "load",
}  # fmt: skip


def test_public_names_are_these_and_can_be_imported() -> None:
    assert set(wordsight.__all__) == set(dir(wordsight)) == PUBLIC
    for name in PUBLIC:
        assert getattr(wordsight, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Copus'"):
        wordsight.Copus  # noqa: B018


def test_importing_wordsight_imports_nothing_heavy() -> None:
    program = "import sys, wordsight; print(sorted({'numpy', 'torch', 'numba', 'rich', 'typer'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_models_of_the_kernel_import_no_torch() -> None:
    """It takes longer to import than many a query takes to answer."""
    modules = "wordsight.models.sgns, wordsight.models.cbow, wordsight.models.iesg"
    program = f"import sys, {modules}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    "folder",
    [
        "storage",
        "text",
        "images",
        "grounding",
        "kernels",
        "losses",
        "modules",
        "training",
        "models",
        "vectors",
        "evaluation",
    ],
)
def test_imports_go_in_one_direction(folder: str) -> None:
    """Library folders know nothing of models and the command line; vectors not even of training.

    Evaluation trains what a task needs (retrieval a network), but has nothing to do with how words are learned.
    """
    forbidden = {"papers", "cli"} | ({"models"} if folder != "models" else set())
    if folder in ("vectors", "evaluation"):
        forbidden |= {"kernels"} if folder == "evaluation" else {"kernels", "training", "losses"}
    for path in (SOURCE / folder).rglob("*.py"):
        text = path.read_text()
        for name in forbidden:
            assert f"wordsight.{name}" not in text, f"{path} imports from {name}/"


def test_nothing_dangerous_in_the_source() -> None:
    for path in SOURCE.rglob("*.py"):
        for line in path.read_text().splitlines():
            code = line.partition("#")[0]
            assert not re.search(r"import pickle|(?<![\w.])(eval|exec)\(|shell=True", code), path

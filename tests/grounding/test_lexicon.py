"""VisualLexicon: from words to images and their mean features."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.grounding import lexicon as lexicon_module
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures


def make_features(n: int = 6, dim: int = 3, seed: int = 0) -> ImageFeatures:
    matrix = np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)
    return ImageFeatures([f"img{i}.jpg" for i in range(n)], matrix)


PAIRS: list[tuple[str, str] | tuple[str, str, float]] = [
    ("goose", "img3.jpg"),
    ("bird", "img1.jpg"),
    ("bird", "img3.jpg", 2.0),
    ("goose", "img0.jpg", 0.5),
]


def test_pairs_become_rows_by_word() -> None:
    lexicon = VisualLexicon.from_pairs(PAIRS, make_features())
    assert lexicon.words == ["goose", "bird"]
    assert lexicon.images("goose").tolist() == [0, 3]
    assert lexicon.images("bird").tolist() == [1, 3]
    assert lexicon.weights.tolist() == [0.5, 1.0, 1.0, 2.0]
    assert "bird" in lexicon and "cat" not in lexicon and len(lexicon) == 2


def test_same_pair_twice_adds_its_weights() -> None:
    lexicon = VisualLexicon.from_pairs([("a", "img1.jpg"), ("a", "img1.jpg", 2.0)], make_features())
    assert lexicon.images("a").tolist() == [1]
    assert lexicon.weights.tolist() == [3.0]


pairs_of_rows = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 19), st.floats(0.01, 100)), min_size=1, max_size=60
)


@settings(deadline=None)
@given(pairs=pairs_of_rows, seed=st.integers(0, 5), block=st.sampled_from([1, 3, 4096]))
def test_mean_features_is_the_weighted_mean(pairs: list[tuple[str, int, float]], seed: int, block: int) -> None:
    features = make_features(20, 4, seed)
    lexicon = VisualLexicon.from_pairs([(w, f"img{row}.jpg", x) for w, row, x in pairs], features)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexicon_module, "BLOCK", block)
        means = lexicon.mean_features()
    assert means.dtype == np.float32
    for word, mean in zip(lexicon.words, means, strict=True):
        rows = [row for w, row, _ in pairs if w == word]
        weights = [x for w, _, x in pairs if w == word]
        np.testing.assert_allclose(mean, np.average(features.matrix[rows], axis=0, weights=weights), atol=1e-5)


def test_mean_of_a_memory_mapped_half_precision_matrix(tmp_path: Path) -> None:
    matrix = np.random.default_rng(1).normal(size=(300, 5)).astype(np.float16)
    np.save(tmp_path / "m.npy", matrix)
    features = ImageFeatures([str(i) for i in range(300)], np.load(tmp_path / "m.npy", mmap_mode="r"))
    lexicon = VisualLexicon.from_rows({"all": np.arange(300), "two": np.array([7, 9])}, features)
    expected = [matrix.astype(float).mean(0), (matrix[7].astype(float) + matrix[9]) / 2]
    np.testing.assert_allclose(lexicon.mean_features(), expected, atol=1e-6)


def test_mean_of_another_matrix() -> None:
    lexicon = VisualLexicon.from_pairs(PAIRS, make_features())
    other = np.arange(12.0).reshape(6, 2)
    np.testing.assert_allclose(lexicon.mean_features(other)[1], (other[1] + 2 * other[3]) / 3)
    with pytest.raises(DataError, match="needs one row for each of the 6 images"):
        lexicon.mean_features(other[:4])


def test_restricted_follows_the_vocabulary() -> None:
    lexicon = VisualLexicon.from_pairs(PAIRS, make_features())
    smaller = lexicon.restricted(["the", "bird", "of", "bird"])
    assert smaller.words == ["bird"]
    assert smaller.images("bird").tolist() == [1, 3]
    np.testing.assert_allclose(smaller.mean_features(), lexicon.mean_features()[1:])
    assert lexicon.restricted(["bird", "goose"]).words == ["bird", "goose"]
    with pytest.raises(DataError, match="none of these words"):
        lexicon.restricted(["the"])


def test_with_features_finds_images_by_id() -> None:
    lexicon = VisualLexicon.from_pairs(PAIRS, make_features())
    turned = ImageFeatures(lexicon.features.ids[::-1], lexicon.features.matrix[::-1])
    moved = lexicon.with_features(turned)
    assert sorted(turned.ids[row] for row in moved.images("goose")) == ["img0.jpg", "img3.jpg"]
    np.testing.assert_allclose(moved.mean_features(), lexicon.mean_features(), rtol=1e-6)
    assert lexicon.with_features(lexicon.features.control("random", seed=1)).images("bird").tolist() == [1, 3]
    with pytest.raises(UnknownNameError, match=r"img1\.jpg"):
        lexicon.with_features(ImageFeatures(["img0.jpg"], np.ones((1, 2), np.float32)))


def test_concat_unites_words_and_images() -> None:
    features = make_features()
    first = VisualLexicon.from_pairs([("a", "img0.jpg"), ("b", "img1.jpg")], features)
    second = VisualLexicon.from_pairs([("b", "img2.jpg"), ("c", "img3.jpg"), ("a", "img0.jpg", 4.0)], features)
    both = VisualLexicon.concat([first, second])
    assert {word: both.images(word).tolist() for word in both.words} == {"a": [0], "b": [1, 2], "c": [3]}
    assert both.weights[0] == 5.0
    with pytest.raises(ParameterError, match="different images"):
        VisualLexicon.concat([first, VisualLexicon.from_pairs([("a", "img0.jpg")], make_features(3))])
    with pytest.raises(ParameterError, match="at least one"):
        VisualLexicon.concat([])


def test_table(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("image;word;weight\nimg2.jpg;cat;3\nimg1.jpg;cat;\n")
    lexicon = VisualLexicon.from_table(path, make_features())
    assert lexicon.images("cat").tolist() == [1, 2]
    assert lexicon.weights.tolist() == [1.0, 3.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("picture,word\nimg1.jpg,cat\n", "no column 'image' or 'path' or 'file_name'; its header has: picture, word"),
        ("image,word\nimg1.jpg,cat\nimg1.jpg,\n", "line 3: the word is empty"),
        ("image,word,weight\nimg1.jpg,cat,-1\n", "line 2: weight is -1; it must be above 0"),
        ("image,word,weight\nimg1.jpg,cat,much\n", "line 2: weight is 'much'"),
    ],
)
def test_bad_tables(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "words.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        VisualLexicon.from_table(path, make_features())


def test_unknown_image_and_unknown_word() -> None:
    with pytest.raises(UnknownNameError, match=r"img99\.jpg"):
        VisualLexicon.from_pairs([("a", "img99.jpg")], make_features())
    with pytest.raises(UnknownNameError, match="did you mean 'goose'"):
        VisualLexicon.from_pairs(PAIRS, make_features()).images("goos")


@pytest.mark.parametrize(
    ("words", "indptr", "rows", "weights", "message"),
    [
        ([], [0], [], [], "lexicon is empty"),
        (["a", "a"], [0, 1, 2], [0, 1], [1, 1], "'a' is in the visual lexicon twice"),
        (["a", "b"], [0, 2, 2], [0, 1], [1, 1], "'b' has no image"),
        (["a"], [0, 1], [6], [1], "outside 0 … 5"),
        (["a"], [0, 3], [0, 1], [1, 1], "does not divide"),
        (["a"], [0, 1], [0], [0], "above 0"),
        (["a"], [0, 1], [0], [np.nan], "above 0"),
    ],
)
def test_parts_that_do_not_fit(
    words: list[str], indptr: list[int], rows: list[int], weights: list[float], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        VisualLexicon(words, np.array(indptr), np.array(rows, dtype=int), np.array(weights), make_features())


def test_both_forms_of_a_letter_are_one_word() -> None:
    lexicon = VisualLexicon.from_pairs([("cafe\u0301", "img0.jpg"), ("caf\u00e9", "img1.jpg")], make_features(2))
    assert lexicon.words == ["caf\u00e9"] and len(lexicon.images("caf\u00e9")) == 2

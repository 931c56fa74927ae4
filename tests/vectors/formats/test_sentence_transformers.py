"""One directory that sentence-transformers and model2vec both load, and what of theirs is read."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.errors import DataError, WriteError
from wordsight.storage.tensors import write_tensors
from wordsight.text.tokenize import Tokenizer
from wordsight.text.word_boundaries import words_with_blanks
from wordsight.vectors.formats._tokenizer_json import tokenizer_json, unknown_token
from wordsight.vectors.word_vectors import WordVectors

tokenizers = pytest.importorskip("tokenizers")

WORDS = ["goose", "duck", "été", "漢", "ice cream", "[UNK]", "可"]
TEXTS = ["A goose, and THE goose's duck!", "Été 漢字可", "unknown words", "", "duck\nduck\u00ad é\u0301té"]


@pytest.fixture
def vectors() -> WordVectors:
    return WordVectors(WORDS, np.random.default_rng(0).standard_normal((7, 5)))


def by_hand(vectors: WordVectors, text: str, language: str | None = None) -> np.ndarray:
    """The mean of the known words' vectors at unit length."""
    known = [vectors[word] for word in Tokenizer("words", language).tokens(text) if word in vectors]
    mean = np.mean(known, axis=0) if known else np.zeros(vectors.dim)
    return np.asarray(mean / (np.linalg.norm(mean) or 1))


def encodings(directory: Path, texts: list[str]) -> list[np.ndarray]:
    """What each of the two libraries makes of the texts."""
    sentence_transformers = pytest.importorskip("sentence_transformers")
    model2vec = pytest.importorskip("model2vec")
    first = sentence_transformers.SentenceTransformer(str(directory), device="cpu").encode(texts)
    return [first, model2vec.StaticModel.from_pretrained(directory).encode(texts)]


def test_both_libraries_encode_texts_as_the_mean_of_our_words(tmp_path: Path, vectors: WordVectors) -> None:
    vectors.save(tmp_path / "static", format="sentence-transformers")
    expected = np.array([by_hand(vectors, text) for text in TEXTS])
    assert (np.linalg.norm(expected, axis=1) > 0).tolist() == [True, True, False, False, True]
    for found in encodings(tmp_path / "static", TEXTS):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_words_of_one_language_lose_their_tags_and_get_them_back(tmp_path: Path) -> None:
    vectors = WordVectors(["tr:ılık", "tr:ilik", "de:Gans"], np.random.default_rng(0).standard_normal((3, 4)))
    with pytest.raises(DataError, match=r"the languages de, tr.*--language"):
        vectors.save(tmp_path / "static", format="sentence-transformers")
    assert not any(tmp_path.iterdir())
    turkish = vectors.restricted("tr")
    turkish.save(tmp_path / "static", format="sentence-transformers")
    again = WordVectors.load(tmp_path / "static")
    assert again.words == turkish.words
    np.testing.assert_array_equal(again.matrix, turkish.matrix)
    texts = ["ILIK", "İLİK", "ilik ılık"]
    expected = [by_hand(turkish, text, "tr") for text in texts]
    for found in encodings(tmp_path / "static", texts):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_what_the_two_libraries_write_is_read(tmp_path: Path, vectors: WordVectors) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    model2vec = pytest.importorskip("model2vec")
    vectors.save(tmp_path / "static", format="sentence-transformers")
    sentence_transformers.SentenceTransformer(str(tmp_path / "static"), device="cpu")[0].save(
        str(make(tmp_path / "st"))
    )
    model2vec.StaticModel.from_pretrained(tmp_path / "static").save_pretrained(tmp_path / "m2v")
    for written in ("st", "m2v"):
        again = WordVectors.load(tmp_path / written)
        assert again.words == WORDS
        np.testing.assert_array_equal(again.matrix, vectors.matrix)


def make(directory: Path) -> Path:
    directory.mkdir()
    return directory


def others(directory: Path, tokenizer: Any, **tensors: np.ndarray) -> Path:
    """A directory of another program."""
    (make(directory) / "tokenizer.json").write_text(json.dumps(tokenizer))
    write_tensors(directory / "model.safetensors", tensors)
    return directory


def test_mapping_weights_and_special_tokens(tmp_path: Path) -> None:
    """As model2vec writes quantised vocabularies: one row for several words, a weight for each."""
    model = {"type": "WordPiece", "vocab": {"[PAD]": 0, "goose": 2, "[UNK]": 1, "##se": 3}, "unk_token": "[UNK]"}
    added = [{"content": "[PAD]", "id": 0, "special": True}, {"content": "new", "id": 4, "special": False}]
    path = others(
        tmp_path / "static",
        {"model": model, "added_tokens": added},
        embeddings=np.array([[1, 2], [3, 4]], np.float16),
        mapping=np.array([0, 0, 1, 0, 1]),
        weights=np.array([0, 0, 2, 3, 4], np.float32),
    )
    found = WordVectors.load(path)
    assert found.words == ["goose", "##se", "new"]
    np.testing.assert_array_equal(found.matrix, [[6, 8], [3, 6], [12, 16]])
    assert WordVectors.load(path, limit=1).words == ["goose"]


def test_a_vocabulary_of_pieces_with_scores(tmp_path: Path) -> None:
    model = {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["▁goose", -1.5], ["s", -2.0]]}
    found = WordVectors.load(others(tmp_path / "static", {"model": model}, **{"embedding.weight": np.eye(3)}))
    assert found.words == ["▁goose", "s"]
    np.testing.assert_array_equal(found.matrix, np.eye(3)[1:])


@pytest.mark.parametrize(
    ("tokenizer", "tensors", "message"),
    [
        ({"model": {"vocab": {"a": 0}}}, {"layer.weight": np.eye(2)}, r"no matrix 'embeddings' .* but layer\.weight"),
        ({"model": {"vocab": {"a": 5}}}, {"embeddings": np.eye(2)}, "too few for its words"),
        ({"model": {"vocab": {}}}, {"embeddings": np.eye(2)}, "has no words"),
        ({"model": {}}, {"embeddings": np.eye(2)}, "lacks 'vocab'"),
        ([], {"embeddings": np.eye(2)}, "is not a tokenizer with words"),
        ({"model": {"vocab": {"a": 0}}}, {"embeddings": np.eye(2), "mapping": np.array([7])}, "a whole static model"),
    ],
)
def test_directories_that_cannot_be_used(
    tmp_path: Path, tokenizer: Any, tensors: dict[str, np.ndarray], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        WordVectors.load(others(tmp_path / "static", tokenizer, **tensors))


def test_only_a_directory_of_ours_of_this_kind_is_replaced(tmp_path: Path, vectors: WordVectors) -> None:
    vectors.save(tmp_path / "native")
    with pytest.raises(WriteError, match="kind vectors, not sentence-transformers"):
        vectors.save(tmp_path / "native", format="sentence-transformers")
    vectors.save(tmp_path / "static", format="sentence-transformers")
    vectors.save(tmp_path / "static", format="sentence-transformers")
    with pytest.raises(WriteError, match="was not written by wordsight"):
        vectors.save(others(tmp_path / "mine", {}, a=np.eye(1)), format="sentence-transformers")


def theirs(text: str, language: str | None = None) -> list[str]:
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(tokenizer_json(["a"], language)))
    return [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(text))]


def writing() -> st.SearchStrategy[str]:
    """Letters and marks of many scripts, whole emoji, and what parts words."""
    letters = st.characters(categories=("L", "Mn", "Mc", "N", "P", "Z", "Sm", "Sc"), max_codepoint=0x1FFFF)
    settled = letters.filter(lambda c: unicodedata.category(c) != "Cn" and c not in "Σ\N{KHITAN SMALL SCRIPT FILLER}")
    emoji = st.sampled_from(["😀", "👍🏽", "👩\u200d🚀", "🇩🇪", "☔\ufe0f"])
    return st.lists(st.one_of(settled, emoji, st.sampled_from("می\u200cخ東らガー_'.\u00ad -"))).map("".join)


@given(writing())
def test_texts_are_parted_as_our_tokenizer_parts_them(text: str) -> None:
    assert theirs(text) == Tokenizer("words").tokens(text)


def test_every_letter_and_mark_is_of_the_same_class() -> None:
    letters = [chr(code) for code in range(0x80, 0x32000) if unicodedata.category(chr(code))[0] in "LMN"]
    others = "\ufe0e\ufe0f\N{KHITAN SMALL SCRIPT FILLER}"  # invisible ones go before; one has changed its class
    text = " ".join(f"a{letter}漢{letter}" for letter in letters if letter not in others)
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(tokenizer_json(["a"])))
    composed = unicodedata.normalize("NFC", text)
    found = [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(composed)]
    assert found == words_with_blanks(composed).split()


@pytest.mark.parametrize(
    ("text", "language"), [("ΟΔΟΣ Σ ΣΑΣ ὈΔΥΣΣΕΎΣ", "el"), ("DİYARBAKIR I", "tr"), ("DİYAR I", None)]
)
def test_lower_case_has_the_rules_of_its_language(text: str, language: str | None) -> None:
    plain = [word.partition(":")[2] if language else word for word in Tokenizer("words", language).tokens(text)]
    assert theirs(text, language) == plain


@pytest.mark.data
def test_real_texts_are_parted_alike(data: Path) -> None:
    import lzma

    for path in sorted((data / "text").glob("*.txt.xz")):
        with lzma.open(path, "rt") as stream:
            text = " ".join(stream.read(30_000).split())
        assert theirs(text) == Tokenizer("words").tokens(text), path.name


def test_a_name_for_what_is_unknown() -> None:
    assert unknown_token(["a"]) == "[UNK]"
    assert unknown_token(["[UNK]", "[[UNK]]"]) == "[[[UNK]]]"

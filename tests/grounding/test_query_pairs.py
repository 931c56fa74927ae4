import hashlib
from typing import Any

import numpy as np
import pytest
import torch

from wordsight.errors import DataError, ParameterError
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.images.features import ImageFeatures
from wordsight.storage.hashes import bucket_of
from wordsight.training.query_batches import QueryBatches


def captions_of(captions: list[str], rows: list[int], **options: Any) -> ImageCaptions:
    features = ImageFeatures([f"i{i}" for i in range(6)], np.eye(6, dtype=np.float32))
    return ImageCaptions(captions, np.array(rows), features, **options)


def pairs_of(
    captions: list[str], rows: list[int], min_count: int = 1, n_buckets: int = 0, **options: Any
) -> QueryPairs:
    return QueryPairs.from_captions(captions_of(captions, rows, **options), min_count, n_buckets=n_buckets)


def spelled_out(pairs: QueryPairs) -> list[tuple[list[str], int, float]]:
    """For each pair its words, its image row and its weight."""
    bags = [pairs.vocabulary.words[i] for i in pairs.words]
    return [
        (bags[pairs.offsets[q] : pairs.offsets[q + 1]], int(i), float(w))
        for q, i, w in zip(pairs.query_of, pairs.image_of, pairs.weights, strict=True)
    ]


def test_queries_are_bags_of_tagged_words() -> None:
    pairs = pairs_of(
        ["A cat!", "ein Hund", "a cat a cat", "ein Hund"], [0, 1, 2, 3], languages=["en", "de", "en", "de"]
    )
    assert spelled_out(pairs) == [
        (["en:a", "en:cat"], 0, 1.0),
        (["de:ein", "de:hund"], 1, 1.0),
        (["en:a", "en:cat", "en:a", "en:cat"], 2, 1.0),
        (["de:ein", "de:hund"], 3, 1.0),
    ]
    assert len(pairs.offsets) == 3 + 1  # the German query is kept once
    assert dict(zip(pairs.vocabulary.words, pairs.vocabulary.counts.tolist(), strict=True)) == {
        "en:a": 3,
        "en:cat": 3,
        "de:ein": 2,
        "de:hund": 2,
    }


def test_rare_words_empty_queries_and_pairs_without_weight_are_left_out() -> None:
    pairs = pairs_of(
        ["red fox", "fox", "…", "hapax", "red", "fox"],
        [0, 1, 2, 3, 4, 5],
        min_count=2,
        weights=np.array([1.0, 2.0, 1.0, 1.0, 0.0, 0.5]),
    )
    assert pairs.vocabulary.words == ["fox", "red"]
    assert spelled_out(pairs) == [(["red", "fox"], 0, 1.0), (["fox"], 1, 2.0), (["fox"], 5, 0.5)]
    with pytest.raises(DataError, match="no word of the captions occurs 9 times; lower min_count"):
        pairs_of(["red fox", "fox"], [0, 1], min_count=9)


def test_a_batch_holds_each_query_and_image_once() -> None:
    pairs = pairs_of(["a b c", "d", "a b c", "e f", "d"], [5, 0, 1, 5, 0])
    numbers = torch.tensor([4, 2, 0, 1])
    at = QueryBatches(pairs, torch.device("cpu"))[numbers]
    bags = [bag.tolist() for bag in torch.tensor_split(at.words, at.begins[1:])]
    expected = spelled_out(pairs)
    assert len(bags) == 2 and at.images.tolist() == [0, 1, 5] and len(at.weights) == 4
    for number, query, image in zip(numbers.tolist(), at.query_of.tolist(), at.image_of.tolist(), strict=True):
        assert [pairs.vocabulary.words[word] for word in bags[query]] == expected[number][0]
        assert at.images[image] == expected[number][1]


def test_rare_words_fall_into_buckets() -> None:
    texts = ["fox red", "fox hen", "fox owl", "elk"]
    pairs = QueryPairs.from_captions(captions_of(texts, [0, 1, 2, 3], languages=["en"] * 4), 2, n_buckets=10**6)
    numbers = {word: bucket_of(f"en:{word}", 10**6) for word in ("red", "hen", "owl", "elk")}
    assert pairs.vocabulary.words == ["en:fox"] and pairs.n_rows == 5
    assert pairs.buckets.tolist() == sorted(numbers.values())
    for query, word in enumerate(("red", "hen", "owl")):
        ids = pairs.words[pairs.offsets[query] : pairs.offsets[query + 1]].tolist()
        assert ids == [0, 1 + pairs.buckets.tolist().index(numbers[word])]
    with pytest.raises(ParameterError, match="buckets is -1"):
        pairs_of(["a"], [0], n_buckets=-1)


def test_the_hash_is_the_same_for_ever() -> None:
    assert (
        bucket_of("en:pain", 1_000_000)
        == int.from_bytes(hashlib.blake2b(b"en:pain", digest_size=8).digest(), "little") % 10**6
    )
    drawn = np.bincount([bucket_of(f"w{i}", 50) for i in range(20_000)], minlength=50)
    assert drawn.min() > 300 and drawn.max() < 500  # 400 expected


def test_image_shares_are_summed_weights() -> None:
    pairs = pairs_of(["a b", "a", "b b"], [0, 1, 1], weights=np.array([1.0, 2.0, 3.0]))
    a, b = pairs.vocabulary.ids(["a", "b"])
    shares = pairs.image_shares(3).toarray()
    np.testing.assert_array_equal(shares[a], [1, 2, 0])
    np.testing.assert_array_equal(shares[b], [1, 6, 0])
    divided = pairs.image_shares(3, divided=True).toarray()
    np.testing.assert_array_equal(divided[a], [0.5, 2, 0])
    np.testing.assert_array_equal(divided[b], [0.5, 3, 0])

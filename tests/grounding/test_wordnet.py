"""WordNet rules: on a small made-up hierarchy, and on WordNet itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.wordnet import EveryHypernym, OwnSynsets, WordNet, folder_synsets
from wordsight.images.features import ImageFeatures

# child → parents; the number is the synset's offset
HIERARCHY = {
    ("goose", 5): [("bird", 3)],
    ("duck", 6): [("bird", 3)],
    ("Mother_Goose bird", 3): [("animal", 2)],
    ("bird", 3): [("animal", 2)],
    ("animal", 2): [("thing", 1)],
    ("thing", 1): [],
    ("goose fool", 7): [("person", 4)],
    ("person", 4): [("thing", 1)],
}


class Synset:
    """As much of NLTK's synset as the rules use."""

    def __init__(self, offset: int, words: str) -> None:
        self._offset, self._words = offset, words.split()
        self.above: list[Synset] = []

    def offset(self) -> int:
        return self._offset

    def lemma_names(self) -> list[str]:
        return self._words

    def hypernyms(self) -> list[Synset]:
        return self.above

    def instance_hypernyms(self) -> list[Synset]:
        return []

    def closure(self, relation: Callable[[Synset], list[Synset]]) -> Iterator[Synset]:
        for synset in relation(self):
            yield synset
            yield from synset.closure(relation)


@pytest.fixture
def wordnet() -> SimpleNamespace:
    synsets: dict[int, Synset] = {}
    for (words, offset), _ in HIERARCHY.items():
        synsets.setdefault(offset, Synset(offset, words))
    edges = {(offset, parent) for (_, offset), parents in HIERARCHY.items() for _, parent in parents}
    for offset, parent in edges:
        synsets[offset].above.append(synsets[parent])
    return SimpleNamespace(
        synset=lambda name: synsets[int(name[1:])],
        nouns=lambda word: [s for s in synsets.values() if word in s.lemma_names()],
    )


def name(offset: int) -> str:
    return f"n{offset:08d}"


def rows(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_every_hypernym(wordnet: WordNet) -> None:
    words = EveryHypernym()(wordnet, {name(5): rows(0, 4), name(6): rows(2), name(7): rows(3)})
    assert {word: found.tolist() for word, found in words.items()} == {
        "goose": [0, 3, 4],  # the bird and the fool
        "fool": [3],
        "duck": [2],
        "bird": [0, 2, 4],
        "animal": [0, 2, 4],
        "person": [3],
        "thing": [0, 2, 3, 4],
    }  # Mother_Goose is no single word


def test_own_synsets_then_those_below_then_those_above(wordnet: WordNet) -> None:
    rule = OwnSynsets(["goose", "bird", "animal", "fool", "duck", "unicorn"])
    words = rule(wordnet, {name(5): rows(0, 4), name(3): rows(7), name(4): rows(9)})
    assert {word: found.tolist() for word, found in words.items()} == {
        "goose": [0, 4],  # its own, and those alone
        "bird": [7],  # its own, though geese are birds too
        "animal": [0, 4, 7],  # none of its own: those of all below
        "fool": [9],  # none of its own and none below: the person's
        "duck": [7],  # likewise the bird's
    }


def test_at_most_so_many_images_drawn_by_seed(wordnet: WordNet) -> None:
    images = {name(5): rows(*range(100)), name(6): rows(*range(100, 104))}
    both = OwnSynsets(["goose", "duck"], max_images=10)(wordnet, images)
    assert len(both["goose"]) == 10 == len(set(both["goose"].tolist()))
    assert both["goose"].tolist() == sorted(both["goose"].tolist()) and set(both["goose"]) <= set(range(100))
    assert both["duck"].tolist() == [100, 101, 102, 103]
    alone = OwnSynsets(["goose"], max_images=10)(wordnet, images)
    assert alone["goose"].tolist() == both["goose"].tolist()
    other = OwnSynsets(["goose"], max_images=10, seed=1)(wordnet, images)
    assert other["goose"].tolist() != both["goose"].tolist()


def test_folder_names() -> None:
    ids = ["train/n01443537/1.jpg", "n01443538/n01443537/2.jpg", "n01443537.jpg", "cats/3.jpg"]
    assert folder_synsets(ids) == {ids[0]: "n01443537", ids[1]: "n01443537"}
    with pytest.raises(DataError, match=r"no image lies in a folder.*n01443537"):
        folder_synsets(["cats/3.jpg"])


def test_wordnet_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nltk = pytest.importorskip("nltk")
    monkeypatch.setattr(nltk.data, "path", [])
    monkeypatch.setenv("NLTK_DATA", str(tmp_path))
    with pytest.raises(DataError, match="NLTK_DATA"):
        WordNet()
    with pytest.raises(DataError, match=rf"no corpora/wordnet in {tmp_path}"):
        WordNet(tmp_path)


@pytest.fixture(scope="module")
def real(data: Path) -> WordNet:
    return WordNet(data / "nltk_data")


@pytest.mark.data
def test_real_wordnet_is_found_through_the_variable(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NLTK_DATA", str(data / "nltk_data"))
    assert WordNet().synset("n01443537").lemma_names() == ["goldfish", "Carassius_auratus"]


@pytest.mark.data
def test_real_goose_is_a_bird_and_an_animal(real: WordNet) -> None:
    words = EveryHypernym()(real, {"n01855672": rows(0), "n01443537": rows(1)})
    assert {"goose", "bird", "waterfowl", "chordate", "animal", "organism", "entity"} <= set(words)
    assert words["goose"].tolist() == [0] and words["bird"].tolist() == [0]
    assert words["goldfish"].tolist() == [1] and words["fish"].tolist() == [1]
    assert words["animal"].tolist() == [0, 1]
    assert not any("_" in word or word != word.lower() for word in words)
    assert "plant" not in words and "mammal" not in words


@pytest.mark.data
def test_real_own_synsets(real: WordNet) -> None:
    images = {"n01855672": rows(0), "n02084071": rows(1), "n01443537": rows(2)}  # goose, dog, goldfish
    words = OwnSynsets(["goose", "dog", "puppy", "gander", "vertebrate", "fish", "geese", "the", "purple"])(
        real, images
    )
    assert {w: r.tolist() for w, r in words.items()} == {
        "goose": [0], "dog": [1],
        "puppy": [1],  # from the hypernym: a puppy is a dog
        "gander": [0],
        "vertebrate": [0, 1, 2], "fish": [2],  # from the hyponyms
    }  # fmt: skip


@pytest.mark.data
def test_real_nouns(real: WordNet) -> None:
    assert real.is_noun("penguin") and real.is_noun("penguins") and real.is_noun("geese")
    assert not real.is_noun("quickly") and not real.is_noun("xyzzy")
    assert [s.name() for s in real.nouns("goldfish")] == ["goldfish.n.01"]
    assert real.nouns("geese") == []  # a form, not a lemma


@pytest.mark.data
@pytest.mark.parametrize("synset", ["n99999999", "n01443538", "goldfish", "v01443537"])
def test_real_unknown_synset(real: WordNet, synset: str) -> None:
    with pytest.raises(DataError, match=synset):
        real.synset(synset)


@pytest.mark.data
def test_lexicon_from_folders_mapping_and_table(data: Path, tmp_path: Path) -> None:
    features = ImageFeatures(["n01855672/a.jpg", "n01443537/b.jpg", "other/c.jpg"], np.eye(3, dtype=np.float32))
    lexicon = VisualLexicon.from_wordnet(features, wordnet_dir=data / "nltk_data")
    assert lexicon.images("animal").tolist() == [0, 1] and lexicon.images("goose").tolist() == [0]
    table = tmp_path / "synsets.csv"
    table.write_text("image,synset\nother/c.jpg,n01855672\n")
    tabled = VisualLexicon.from_wordnet(features, table, wordnet_dir=data / "nltk_data")
    assert tabled.images("goose").tolist() == tabled.images("animal").tolist() == [2]
    named = VisualLexicon.from_wordnet(
        features, {"other/c.jpg": "n01855672"}, rule=OwnSynsets(["goose", "bird"]), wordnet_dir=data / "nltk_data"
    )
    assert {w: named.images(w).tolist() for w in named.words} == {"goose": [2], "bird": [2]}

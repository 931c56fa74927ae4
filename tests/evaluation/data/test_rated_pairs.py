import gzip
from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.evaluation.data.rated_pairs import read_pairs


@pytest.mark.parametrize(
    "text",
    [
        "sun\tmoon\t7.5\nice\tcream\t3\n",
        "sun moon 7.5\nice   cream 3",
        "sun\tmoon\t7.5\t\r\n\r\nice\tcream\t3\r\n",
        "\ufeffword1 word2 score\nsun moon 7.5\nice cream 3\n",
        "score\tpos\tword2\tword1\n7.5\tN\tmoon\tsun\n3\tN\tcream\tice\n",
    ],
)
def test_layouts(tmp_path: Path, text: str) -> None:
    path = tmp_path / "EN-TINY.2.txt"
    path.write_bytes(text.encode())
    pairs = read_pairs(path)
    assert (pairs.name, pairs.first, pairs.second) == ("EN-TINY.2", ["sun", "ice"], ["moon", "cream"])
    np.testing.assert_array_equal(pairs.ratings, [7.5, 3])
    assert len(pairs) == 2


PUBLISHED = {
    "SimLex-999.txt": "word1\tword2\tPOS\tSimLex999\tconc(w1)\tconc(w2)\tconcQ\tAssoc(USF)\tSimAssoc333\tSD(SimLex)\n"
    "sun\tmoon\tN\t7.5\t4.9\t4.8\t4\t2.1\t1\t1.4\nice\tcream\tN\t3\t4.7\t4.9\t4\t0\t0\t1.2\n",
    "combined.csv": "Word 1,Word 2,Human (mean)\nsun,moon,7.50\nice,cream,3.00\n",
    "combined.tab": "Word 1\tWord 2\tHuman (mean)\nsun\tmoon\t7.50\nice\tcream\t3.00\n",
    "set1.csv": "Word 1,Word 2,Human (mean),1,2,3\nsun,moon,7.5,7,8,7.5\nice,cream,3,3,2,4\n",
    "MEN_dataset_natural_form_full": "sun moon 7.500000\nice cream 3.000000\n",
    "MEN_dataset_lemma_form_full": "sun-n moon-n 7.500000\nice-n cream-n 3.000000\n",
    "MEN_dataset_lemma_form.test": "sun-n moon-n 7.5\r\nice-a cream-v 3.0\r\n",
    "rg65.csv": "sun;moon;7.5\nice;cream;3\n",
    "SimVerb-3500.txt": "sun\tmoon\tV\t7.5\tSYNONYMS\nice\tcream\tV\t3.0\tNONE\n",
    "rw.txt": "sun\tmoon\t7.5\t7\t8\t7\t8\t7\t8\t7\t8\t7\t8\nice\tcream\t3\t3\t3\t3\t3\t3\t3\t3\t3\t3\t3\n",
    "ENG.csv": "ID,Word 1,Word 2,Annotator 1,Annotator 2,Annotator 3\n1,sun,moon,6,9,7.5\n2,ice,cream,3,3,\n",
    "card-660/dataset.tsv": "sun\tmoon\t7.5\nice\tcream\t3.00\n",
    "MTURK-771.csv": "sun,moon,7.5\nice,cream,3\n",
}
"""Each set's own layout, with two pairs of ours."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_layouts_are_known_by_their_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / "some.txt"  # so that the name says nothing
    path.write_text(PUBLISHED[name], newline="")
    pairs = read_pairs(path)
    assert (pairs.first, pairs.second) == (["sun", "ice"], ["moon", "cream"])
    np.testing.assert_allclose(pairs.ratings, [7.5, 3])


def test_words_with_commas_hyphens_and_composed_letters(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x-ray-n\tbone, old\t1\ncafe\u0301\ttea-n\t2\n")
    assert read_pairs(path).first == ["x-ray-n", "café"]
    assert read_pairs(path).second == ["bone, old", "tea-n"]


def test_languages_and_words_with_blanks(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"ice cream\tEis\t3.5\ten\tde\nsun\tSonne\t4\ten\tde\n"))
    pairs = read_pairs(path)
    assert (pairs.name, pairs.first, pairs.second) == ("a", ["en:ice cream", "en:sun"], ["de:Eis", "de:Sonne"])
    path = tmp_path / "b.txt"
    path.write_text("word1 lang2 word2 score\nsun de Sonne 4\nsun fr soleil 3\n")
    assert read_pairs(path).second == ["de:Sonne", "fr:soleil"]
    assert read_pairs(path).first == ["sun", "sun"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no pairs"),
        (b"\n\n", "no pairs"),
        (b"word1 word2 score\n", "no pairs"),
        (b"sun moon 1\nsun moon\n", "line 2: 2 fields, but the columns are word1 word2 score"),
        (b"\nsun moon\n", "line 2: 2 fields, but the columns are word1 word2 score lang1 lang2"),
        (b"sun moon 1\nsun moon star 1\n", "line 2: 4 fields"),
        (b"sun moon high\n", "line 1: the score is 'high'"),
        (b"sun moon 1\nsun moon nan\n", "line 2: the score is 'nan'"),
        (b"sun\t\t1\n", "line 1: a word is missing"),
        (b"sun moon 1\ns\xfcn moon 1\n", "line 2: not UTF-8"),
    ],
)
def test_unusable_files(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(DataError, match=rf"a\.txt.*{message}"):
        read_pairs(tmp_path / "a.txt")


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_pairs(tmp_path / "a.txt")


@pytest.mark.data
def test_all_real_files(data: Path) -> None:
    sizes = {path.stem: len(read_pairs(path)) for path in sorted((data / "similarity/en").glob("*.txt"))}
    assert sizes == {
        "EN-MC-30": 30, "EN-MEN-TR-3k": 3000, "EN-MTurk-287": 287, "EN-RG-65": 65, "EN-SIMLEX-999": 999,
        "EN-VERB-143": 144, "EN-WS-353-ALL": 353, "EN-WS-353-REL": 252, "EN-WS-353-SIM": 203, "EN-YP-130": 130,
    }  # fmt: skip
    for path in (data / "similarity/crosslingual").glob("*.txt"):
        pairs = read_pairs(path)
        languages = {words[0].partition(":")[0] for words in (pairs.first, pairs.second)}
        assert languages == set(path.name.partition(".")[0].partition("-")[0].split("+"))

"""What ``check`` recognises and what it finds wrong."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from wordsight.datasets.check import Report, check
from wordsight.errors import DataError
from wordsight.images.features import ImageFeatures
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors


def check_text(tmp_path: Path, text: str | bytes, name: str = "file.txt") -> Report:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return check(path)


GLOVE = "".join(f"w{i} " + " ".join(f"{j}.5" for j in range(12)) + "\n" for i in range(3))


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("sun sunlight 50\ncar auto 49.5\n", "similarity file", "2 word pairs"),
        ("Sun\tsunlight\t50\n", "similarity file", "1 word pairs"),
        ("word1\tword2\tPOS\tscore\nold\tnew\tA\t1.58\n", "similarity file", "1 word pairs"),
        ("image,caption,lang\na.jpg,a cat,en\n", "caption table", "1 rows; columns image, caption, lang"),
        ("path\tcaption\na.jpg\ta cat\n", "caption table", "1 rows; columns path, caption"),
        ("word;image\ncat;a.jpg\ndog;b.jpg\n", "word-image table", "2 rows; columns word, image"),
        ("image,synset\na.jpg,n01443537\n", "synset table", "1 rows; columns image, synset"),
        ("caption\turl\na cat\thttps://example.org/a.jpg\n", "address table", "1 rows; columns caption, url"),
        ("2 3\ncat 1 2 3\ndog 4 5 6\n", "word2vec text file", "2 words, 3 dimensions"),
        (b"2 3\ncat " + np.ones(3, "<f4").tobytes() + b"\ndog " + np.ones(3, "<f4").tobytes() + b"\n",
         "word2vec binary file", "2 words, 3 dimensions"),
        (GLOVE, "GloVe file", "3 words, 12 dimensions"),
        ("cat 1 2 3\ndog 4 5 6\n", "GloVe file", "2 words, 3 dimensions"),
        ("Word 1,Word 2,Human (mean)\nsun,moon,7.5\n", "similarity file", "1 word pairs"),
        ("take\tremain\tV\t4.98\tNONE\n", "similarity file", "1 word pairs"),
        ("WORDPAIR SEMANTIC VISUAL\na#b 3.8 3.2\n", "similarity file", "2 word pairs in 2 data sets"),
        (": family\nman woman boy girl\n: x\na b c d\n", "analogy questions", "2 questions in 2 sections"),
        ("cat katze\ndog hund\n", "bilingual dictionary", "2 pairs of words"),
        ("en\tde\na cat\teine Katze\n", "parallel text", "1 sentences in en, de"),
        ('{"images": [{"id": 1}], "annotations": [{}, {}]}', "COCO's annotations (JSON)", "2 captions of 1 images"),
        ('{"images": [{"sentences": [{}, {}, {}]}]}', "Karpathy's splits of Flickr8k, Flickr30k or COCO (JSON)",
         "3 captions of 1 images"),
        ("1.jpg#0\ta cat\n1.jpg#1\ta dog\n", "Flickr's token file (image#number, tab, caption)", "2 captions"),
        ("a cat\thttps://e.org/1.jpg\n", "Conceptual Captions (caption, tab, address)", "1 captions"),
        ("anarchism originated as a term\nof abuse\n", "text", "7 tokens in the first 2 lines"),
    ],
)  # fmt: skip
def test_files(tmp_path: Path, text: str | bytes, kind: str, found: str) -> None:
    report = check_text(tmp_path, text)
    assert (report.kind, report.found, report.problems) == (kind, found, ())
    assert report.ok and report.use


@pytest.mark.parametrize(
    ("text", "kind", "problem"),
    [
        ("", "unknown", "there is nothing in it"),
        (" \n\n", "unknown", "there is nothing in it"),
        ("sun light 50\ncar auto much\nsea shore 3\n", "similarity file", "line 2"),
        ("image,title\na.jpg,a cat\n", "unknown", "its columns fit no kind of table (caption table: caption, image"),
        ("image,caption\na.jpg,x\nb.jpg,\n", "caption table", "line 3: caption is empty"),
        ("image,word,weight\na.jpg,x,heavy\n", "word-image table", "line 2: weight is 'heavy'"),
        ("image,word\na.jpg\n", "word-image table", "line 2: 1 fields, but the header has 2"),
        ("2 3\ncat 1 2 3\n", "word2vec text file", "2 words"),
        (GLOVE + "w 1 2\n", "GloVe file", "line 4"),
        ("ein\nkölsch\n".encode("latin-1"), "text", "line 2: not UTF-8"),
        (b"\x89PNG\0\0\xff\xfe", "unknown", "neither text"),
    ],
)
def test_files_with_problems(tmp_path: Path, text: str | bytes, kind: str, problem: str) -> None:
    report = check_text(tmp_path, text)
    assert report.kind == kind and not report.ok
    assert len(report.problems) == 1 and problem in report.problems[0]


def test_files_known_by_their_ending(tmp_path: Path) -> None:
    np.save(tmp_path / "f.npy", np.eye(3, 4))
    assert check(tmp_path / "f.npy").found == "3 rows of 4 numbers (float64)"
    np.save(tmp_path / "f.npy", np.ones(3))
    assert "must be a matrix" in check(tmp_path / "f.npy").problems[0]
    assert check_text(tmp_path, "[model]\nname = 'sgns'\n", "r.toml").found == "sections model"
    assert "r.toml" in check_text(tmp_path, "[model\n", "r.toml").problems[0]
    assert "no images with" in check_text(tmp_path, '{"a": 1}', "c.json").problems[0]


def test_long_lists_of_problems_are_cut(tmp_path: Path) -> None:
    report = check_text(tmp_path, "image,word\n" + "a.jpg,\n" * 30)
    assert report.problems[0] == "line 2: word is empty" and report.problems[-1] == "and 20 more"
    assert len(report.problems) == 11


def test_a_character_cut_at_the_end_of_what_is_looked_at(tmp_path: Path) -> None:
    report = check_text(tmp_path, "x" + "ö" * 2**20)
    assert report.kind == "text" and report.ok


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        check(tmp_path / "nowhere")


def test_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pa.table({"image": ["a.jpg"], "caption": ["a cat"]}), tmp_path / "t.parquet")
    assert check(tmp_path / "t.parquet").kind == "caption table"


def test_what_wordsight_writes(tmp_path: Path) -> None:
    ImageFeatures(["a", "b", "c"], np.eye(3, dtype=np.float32), encoder="toy").save(tmp_path / "features")
    WordVectors(["cat", "dog"], np.eye(2, 4, dtype=np.float32)).save(tmp_path / "vectors")
    (tmp_path / "text.txt").write_text("a b a b a\n" * 3)
    Corpus.from_text(tmp_path / "text.txt", min_count=1, directory=tmp_path / "corpus")
    reports = [check(tmp_path / name) for name in ("features", "vectors", "corpus")]
    assert [(r.kind, r.found) for r in reports] == [
        ("features directory", "3 images, 3 features each, encoder toy"),
        ("vectors directory", "2 words, 4 dimensions"),
        ("corpus directory", "15 tokens of 2 words"),
    ]
    assert all(r.ok for r in reports)


def test_what_wordsight_wrote_but_is_damaged(tmp_path: Path) -> None:
    ImageFeatures(["a", "b", "c"], np.eye(3, dtype=np.float32)).save(tmp_path / "features")
    (tmp_path / "features/ids.txt").write_text("a\nb\n")
    report = check(tmp_path / "features")
    assert report.kind == "features directory" and len(report.problems) == 1
    for config in ("{", "[]", '{"kind": "cake"}'):
        (tmp_path / "features/config.json").write_text(config)
        report = check(tmp_path / "features")
        assert report.kind == "unknown" and "features" in report.problems[0]


def touch(path: Path, content: bytes = b"x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_folders_of_images(tmp_path: Path) -> None:
    for name in ("a.jpg", "sub/b.PNG", "notes.txt"):
        touch(tmp_path / "photos" / name)
    for name in ("n01443537/1.JPEG", "n01443537/2.JPEG", "n01855672/3.JPEG"):
        touch(tmp_path / "imagenet" / name)
    photos, imagenet = check(tmp_path / "photos"), check(tmp_path / "imagenet")
    assert (photos.kind, photos.found) == ("image folder", "2 images in 1 folders")
    assert (imagenet.kind, imagenet.found) == ("ImageNet folders", "3 images in 2 synset folders")
    assert photos.ok and imagenet.ok
    touch(tmp_path / "photos/c.jpg", b"")
    assert check(tmp_path / "photos").problems == (f"{tmp_path / 'photos/c.jpg'} is empty",)
    (tmp_path / "nothing").mkdir()
    assert check(tmp_path / "nothing").kind == "unknown"


def shard(path: Path, names: list[str]) -> None:
    with tarfile.open(path, "w") as tar:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = 4
            tar.addfile(entry, io.BytesIO(b"data"))


def test_img2dataset_shards(tmp_path: Path) -> None:
    shard(tmp_path / "00000.tar", ["0.jpg", "0.txt", "0.json", "1.jpg", "1.json"])
    shard(tmp_path / "00001.tar", ["2.webp", "2.txt"])
    report = check(tmp_path)
    assert report.kind == "img2dataset shards" and report.ok
    assert report.found == "3 images, 2 of them with a caption, in 2 shards"
    assert check(tmp_path / "00001.tar").found == "1 images, 1 of them with a caption, in 1 shards"
    (tmp_path / "00001.tar").write_bytes(b"no tar")
    shard(tmp_path / "00002.tar", ["readme.txt"])
    problems = check(tmp_path).problems
    assert "00001.tar is not a whole tar file" in problems[0] and problems[1] == "00002.tar has no image"


@pytest.mark.data
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("similarity/en/EN-MEN-TR-3k.txt", "similarity file"),
        ("similarity/en/EN-SIMLEX-999.txt", "similarity file"),
        ("similarity/crosslingual/en+de.rg65.dev.txt", "similarity file"),
        ("labels/stamp_captions.tsv", "caption table"),
        ("text/da.txt.xz", "text"),
        ("images/stamps", "image folder"),
    ],
)
def test_real_data(data: Path, path: str, kind: str) -> None:
    report = check(data / path)
    assert (report.kind, report.problems) == (kind, ())


@pytest.mark.data
def test_a_real_mistake_is_found(data: Path) -> None:
    """One German caption has a tab in the middle of a word."""
    report = check(data / "labels/flickr30k_captions.tsv")
    assert report.kind == "caption table" and "line 224673: 5 fields" in report.problems[0]

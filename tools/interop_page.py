"""docs/interop.md: other libraries, what goes over to them and comes from them, and the test of each."""

from __future__ import annotations

import re
from typing import NamedTuple

from pages import NOTE, ROOT, table


class Crossing(NamedTuple):
    """One library in one direction.

    Attributes:
        library: its name.
        package: as pip calls it.
        to: whether it takes what is ours; else ours takes what is its.
        what: what is called, in Markdown.
        difference: the largest difference between its numbers and ours that the test allows.
        test: the test, from tests/ on.
    """

    library: str
    package: str
    to: bool
    what: str
    difference: str
    test: str


_STATIC = "vectors/formats/test_sentence_transformers.py::"
CROSSINGS = (
    Crossing(
        "gensim", "gensim", True, "`ws.to_gensim(vectors)`; `.txt`, `.bin`", "1e-6, all neighbours the same",
        "interop/test_gensim.py::test_neighbours_and_similarities_are_the_same",
    ),
    Crossing(
        "gensim", "gensim", False, "`ws.from_gensim(keyed)`, or the path of a `.kv` or `.model`", "0",
        "interop/test_gensim.py::test_files_of_gensim",
    ),
    Crossing(
        "gensim, FastText", "gensim", False, "`ws.from_gensim(model)`, with n-grams", "1e-6",
        "interop/test_gensim.py::test_n_grams_of_fasttext_come_along",
    ),
    Crossing(
        "word2vec files of gensim", "gensim", False,
        "`WordVectors.load(\"v.bin\")`, `.txt`, `.vec`, as gensim writes", "0",
        "vectors/formats/test_word2vec.py::test_gensim_reads_ours_and_we_read_gensims",
    ),
    Crossing(
        "fastText files of gensim", "gensim", False, "`WordVectors.load(\"cc.bin\")`, with n-grams", "1e-6",
        "vectors/formats/test_fasttext_binary.py::test_words_and_other_words_have_the_vectors_that_gensim_gives_them",
    ),
    Crossing(
        "sentence-transformers", "sentence-transformers", True, "`convert V DIR --format sentence-transformers`",
        "1e-6, encoded texts", _STATIC + "test_both_libraries_encode_texts_as_the_mean_of_our_words",
    ),
    Crossing(
        "sentence-transformers", "sentence-transformers", False, "`WordVectors.load(DIR)` of a `StaticEmbedding`", "0",
        _STATIC + "test_what_the_two_libraries_write_is_read",
    ),
    Crossing(
        "model2vec", "model2vec", True, "the same directory", "1e-6, encoded texts",
        _STATIC + "test_both_libraries_encode_texts_as_the_mean_of_our_words",
    ),
    Crossing(
        "model2vec", "model2vec", False, "`WordVectors.load(DIR)` of a `StaticModel`", "0",
        _STATIC + "test_what_the_two_libraries_write_is_read",
    ),
    Crossing(
        "spaCy", "spacy", True, "`ws.to_spacy(vectors, pipeline)`; a file `.npz` or `.txt`",
        "0; cosines 1e-4, as spaCy rounds", "interop/test_spacy.py::test_words_documents_and_neighbours",
    ),
    Crossing(
        "spaCy", "spacy", False, "`ws.from_spacy(pipeline)`", "0", "interop/test_spacy.py::test_a_saved_pipeline",
    ),
    Crossing(
        "scikit-learn", "scikit-learn", True, "`ws.TextVectorizer(vectors, weights=\"idf\")` in a pipeline",
        "1e-6, its idf", "interop/test_text_vectorizer.py::test_idf_is_that_of_scikit_learn",
    ),
    Crossing(
        "polars", "polars", True, "`vectors.save(\"v.parquet\")`", "0",
        "vectors/formats/test_parquet.py::test_polars_reads_the_same_words_and_numbers",
    ),
    Crossing(
        "polars", "polars", False, "`WordVectors.load(\"v.parquet\")`", "0",
        "vectors/formats/test_parquet.py::test_what_polars_writes_is_read",
    ),
    Crossing(
        "datasets", "datasets", True, "`vectors.save(\"v.parquet\")`", "0",
        "vectors/formats/test_parquet.py::test_datasets_reads_the_same_words_and_numbers",
    ),
    Crossing(
        "datasets", "datasets", False, "`ws.features_from_dataset`, `ws.captions_from_dataset`", "0",
        "interop/test_datasets.py::test_a_dataset_of_images_with_their_captions",
    ),
    Crossing(
        "datasets, image folders", "datasets", False, "`ws.read_captions(folder, features)`", "0",
        "interop/test_datasets.py::test_an_image_folder_that_datasets_reads_alike",
    ),
    Crossing(
        "webdataset", "webdataset", False, "`ws.read_captions(shards, features)`", "1e-4 of 255, mean colours",
        "interop/test_datasets.py::test_shards_that_webdataset_writes_and_reads",
    ),
    Crossing(
        "TensorBoard", "tensorboard", True, "`ws.to_projector(vectors, DIR, lexicon=…, images=…)`", "0",
        "interop/test_projector.py::test_each_word_has_its_picture_in_the_sprite",
    ),
)  # fmt: skip

LEAD = """# Other libraries

wordsight's vectors go to the libraries below and come from them. Each row is a test, made with the real library in the
version shown. A difference of 0 means the same bits; others are the most that the test allows.

"""
TEXT = """
```console
$ pip install 'wordsight[interop]'
```

## Texts with sentence-transformers and model2vec

`wordsight convert VECTORS DIR --format sentence-transformers` writes one directory that both load. A text becomes the
mean of its known words, at unit length. Words are found as by the tokenizer `words`, also in scripts without blanks.
Texts do not say their language: of vectors with tags, write one directory for each, with `--language de`. The tags come
back when wordsight loads the directory.

## Files of gensim

A `.kv` or `.model` is a pickle, and reading one runs whatever code it holds. `WordVectors.load` never does;
`ws.from_gensim(path)` does. Use it for files that you trust, then `save` them.

## spaCy

`ws.to_spacy(vectors, spacy.blank("en"))` gives a pipeline the vectors, words with blanks included; `to_disk` keeps
them. spaCy's own `init vectors` reads `.txt` files that `wordsight convert` writes. A `.npz` file is read with NumPy,
and `vocab.set_vector` takes its words.

## Texts in scikit-learn

```python
import wordsight as ws
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

vectors = ws.WordVectors.load("pixie/")
classifier = make_pipeline(ws.TextVectorizer(vectors, weights="sif"), LogisticRegression())
```

`weights` is `uniform`, `idf` or `sif` (Arora et al. 2017). scikit-learn skips its checks with tables of numbers for
estimators of texts; the tests run the others.

## TensorBoard's projector

`ws.to_projector(vectors, "run", lexicon=lexicon, images="photos/")`, then `tensorboard --logdir run`. With a lexicon
only words with a picture are shown. At most 100,000 words; the pictures shrink so that the sprite stays within 8192
pixels.

## Captions and images

An image folder of Hugging Face has `metadata.csv`, `.jsonl` or `.parquet` with the columns `file_name` and `text`
beside its images. `wordsight extract` and `captions.path` take the folder. Shards of webdataset are read like those of
img2dataset: a caption is in `KEY.txt`, or in `KEY.json` as `caption`.
"""


def interop_page() -> str:
    """The whole page."""
    pins = dict(re.findall(r"^(\S+)==(\S+)$", (ROOT / "constraints.txt").read_text(), flags=re.M))
    rows = []
    for one in CROSSINGS:
        name = one.test.rpartition("::")[2]
        link = f"[{name.removeprefix('test_').replace('_', ' ')}](../tests/{one.test.partition('::')[0]})"
        rows.append((one.library, pins[one.package], "to" if one.to else "from", one.what, one.difference, link))
    crossings = table(("Library", "Version", "Direction", "How", "Largest difference", "Test"), rows)
    return f"{NOTE}{LEAD}{crossings}{TEXT}"

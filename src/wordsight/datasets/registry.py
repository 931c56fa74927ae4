"""The named public data sets: content, authors, licence, and how to obtain them."""

from __future__ import annotations

from dataclasses import dataclass

from wordsight.errors import unknown_name


@dataclass(frozen=True)
class RemoteFile:
    """A file of a data set."""

    name: str
    """Its name on disk."""
    url: str | None = None
    """Its address; None where it is not free to fetch."""
    sha256: str | None = None
    """Checksum of the file that the URL gives, where one is known."""
    member: str | None = None
    """Its path inside the zip or tar archive at the URL; None where the URL gives the file itself."""


@dataclass(frozen=True)
class Dataset:
    """A public data set."""

    name: str
    """Its name on the command line."""
    what: str
    """What it is, in one phrase."""
    source: str
    """The page of its authors."""
    licence: str
    citation: str
    format: str
    obtain: str
    """How to get it where it cannot be fetched, and how to use it."""
    files: tuple[RemoteFile, ...] = ()

    @property
    def fetchable(self) -> bool:
        """True where all its files are free to fetch."""
        return bool(self.files) and all(file.url for file in self.files)


_PAIRS = "https://raw.githubusercontent.com/mfaruqui/eval-word-vectors/master/data/word-sim/"
_PAIRS_FORMAT = "text; a line: word1 word2 score (white space between)"


def _similarity_files(*names: str) -> tuple[RemoteFile, ...]:
    return tuple(RemoteFile(name, _PAIRS + name) for name in names)


DATASETS: tuple[Dataset, ...] = (
    Dataset(
        name="text8",
        what="the first 100 MB of cleaned English Wikipedia (March 2006), 17 million tokens",
        source="https://mattmahoney.net/dc/textdata.html",
        licence="GFDL (Wikipedia of 2006)",
        citation="Matt Mahoney. About the Test Data. 2011.",
        format="one line of a–z and single spaces",
        obtain="wordsight encode-text text8 makes a corpus of it",
        files=(RemoteFile("text8", "https://mattmahoney.net/dc/text8.zip", member="text8"),),
    ),
    Dataset(
        name="men",
        what="MEN: 3,000 word pairs rated for relatedness; every word is a tag of images",
        source="https://staff.fnwi.uva.nl/e.bruni/MEN",
        licence="Creative Commons Attribution",
        citation="Elia Bruni, Nam-Khanh Tran, Marco Baroni. Multimodal Distributional Semantics. JAIR 49, 2014.",
        format=_PAIRS_FORMAT,
        obtain="give the file to wordsight eval",
        files=_similarity_files("EN-MEN-TR-3k.txt"),
    ),
    Dataset(
        name="simlex-999",
        what="SimLex-999: 999 word pairs rated for similarity, not relatedness",
        source="https://fh295.github.io/simlex.html",
        licence="free for research; see the source",
        citation="Felix Hill, Roi Reichart, Anna Korhonen. SimLex-999: Evaluating Semantic Models with (Genuine) "
        "Similarity Estimation. Computational Linguistics 41(4), 2015.",
        format=_PAIRS_FORMAT,
        obtain="give the file to wordsight eval",
        files=_similarity_files("EN-SIMLEX-999.txt"),
    ),
    Dataset(
        name="wordsim-353",
        what="WordSim-353: 353 word pairs rated for relatedness, and their division into similar and related pairs",
        source="https://gabrilovich.com/resources/data/wordsim353/wordsim353.html",
        licence="Creative Commons Attribution 4.0",
        citation="Lev Finkelstein et al. Placing Search in Context: The Concept Revisited. ACM TOIS 20(1), 2002; "
        "division: Eneko Agirre et al. NAACL 2009.",
        format=_PAIRS_FORMAT,
        obtain="give the files to wordsight eval",
        files=_similarity_files("EN-WS-353-ALL.txt", "EN-WS-353-SIM.txt", "EN-WS-353-REL.txt"),
    ),
    Dataset(
        name="rg-65",
        what="RG-65: 65 pairs of nouns rated for similarity",
        source="https://doi.org/10.1145/365628.365657",
        licence="published in the paper",
        citation="Herbert Rubenstein, John B. Goodenough. Contextual Correlates of Synonymy. CACM 8(10), 1965.",
        format=_PAIRS_FORMAT,
        obtain="give the file to wordsight eval",
        files=_similarity_files("EN-RG-65.txt"),
    ),
    Dataset(
        name="mturk-287",
        what="MTurk-287: 287 word pairs rated for relatedness",
        source="https://doi.org/10.1145/1963405.1963455",
        licence="free for research; see the source",
        citation="Kira Radinsky, Eugene Agichtein, Evgeniy Gabrilovich, Shaul Markovitch. A Word at a Time. WWW 2011.",
        format=_PAIRS_FORMAT,
        obtain="give the file to wordsight eval",
        files=_similarity_files("EN-MTurk-287.txt"),
    ),
    Dataset(
        name="mturk-771",
        what="MTurk-771: 771 word pairs rated for relatedness",
        source="https://doi.org/10.1145/2339530.2339751",
        licence="free for research; see the source",
        citation="Guy Halawi, Gideon Dror, Evgeniy Gabrilovich, Yehuda Koren. Large-Scale Learning of Word Relatedness "
        "with Constraints. KDD 2012.",
        format=_PAIRS_FORMAT,
        obtain="give the file to wordsight eval",
        files=_similarity_files("EN-MTurk-771.txt"),
    ),
    Dataset(
        name="rare-words",
        what="RareWords: 2,034 pairs of rare words rated for similarity",
        source="https://nlp.stanford.edu/~lmthang/morphoNLM/",
        licence="free for research; see the source",
        citation="Thang Luong, Richard Socher, Christopher Manning. Better Word Representations with RNNs. CoNLL 2013.",
        format=_PAIRS_FORMAT,
        obtain="give the file to wordsight eval",
        files=_similarity_files("EN-RW-STANFORD.txt"),
    ),
    Dataset(
        name="simverb-3500",
        what="SimVerb-3500: 3,500 pairs of verbs rated for similarity",
        source="https://aclanthology.org/D16-1235",
        licence="free for research; see the source",
        citation="Daniela Gerz, Ivan Vulić, Felix Hill, Roi Reichart, Anna Korhonen. SimVerb-3500. EMNLP 2016.",
        format=_PAIRS_FORMAT,
        obtain="give the file to wordsight eval",
        files=_similarity_files("EN-SimVerb-3500.txt"),
    ),
    Dataset(
        name="yp-130",
        what="YP-130: 130 pairs of verbs rated for similarity",
        source="https://github.com/mfaruqui/eval-word-vectors",
        licence="published with the paper",
        citation="Dongqiang Yang, David Powers. Verb Similarity on the Taxonomy of WordNet. GWC 2006.",
        format=_PAIRS_FORMAT,
        obtain="give the file to wordsight eval",
        files=_similarity_files("EN-YP-130.txt"),
    ),
    Dataset(
        name="verb-143",
        what="Verb-143: 144 pairs of inflected verbs rated for similarity",
        source="https://aclanthology.org/D14-1034",
        licence="free for research; see the source",
        citation="Simon Baker, Roi Reichart, Anna Korhonen. An Unsupervised Model for Instance Level Subcategorization "
        "Acquisition. EMNLP 2014.",
        format=_PAIRS_FORMAT,
        obtain="give the file to wordsight eval",
        files=_similarity_files("EN-VERB-143.txt"),
    ),
    Dataset(
        name="google-analogies",
        what="Google's analogies: 19,544 questions, a is to b as c is to ?, in 14 sections",
        source="https://code.google.com/archive/p/word2vec",
        licence="Apache-2.0",
        citation="Tomas Mikolov, Kai Chen, Greg Corrado, Jeffrey Dean. Efficient Estimation of Word Representations in "
        "Vector Space. ICLR Workshop 2013.",
        format="text; a line: four words; headings begin with a colon",
        obtain="give the file to wordsight eval --task analogy",
        files=(
            RemoteFile(
                "questions-words.txt",
                "https://raw.githubusercontent.com/tmikolov/word2vec/master/questions-words.txt",
            ),
        ),
    ),
    Dataset(
        name="bats",
        what="BATS 3.0: 99,200 analogy questions about 40 relations in four kinds",
        source="https://vecto.space/projects/BATS",
        licence="Creative Commons Attribution-NonCommercial",
        citation="Anna Gladkova, Aleksandr Drozd, Satoshi Matsuoka. Analogy-based Detection of Morphological and "
        "Semantic Relations with Word Embeddings. NAACL SRW 2016.",
        format="four folders of text files; a line: word, tab, answer/answer",
        obtain="fetch BATS_3.0.zip from its page, unpack it, and give the folder to wordsight eval --task analogy",
    ),
    Dataset(
        name="flickr30k",
        what="Flickr30k: 31,014 photographs with five English captions each; Multi30k adds German, French and Czech",
        source="https://shannon.cs.illinois.edu/DenotationGraph/",
        licence="research and education only; the photographs are their owners'",
        citation="Peter Young, Alice Lai, Micah Hodosh, Julia Hockenmaier. From Image Descriptions to Visual "
        "Denotations. TACL 2, 2014.",
        format="a table with the columns image, caption and, for several languages, language",
        obtain="ask for it with the form on its page, unpack the photographs into a folder, and save the captions as a "
        "table flickr30k.tsv with the columns image, caption, language",
        files=(RemoteFile("flickr30k.tsv"),),
    ),
    Dataset(
        name="imagenet",
        what="ImageNet: photographs sorted by WordNet 3.0 synset",
        source="https://www.image-net.org/download",
        licence="research and education only, after registration",
        citation="Jia Deng et al. ImageNet: A Large-Scale Hierarchical Image Database. CVPR 2009.",
        format="a folder per synset: n01443537/*.JPEG",
        obtain="register on its page, fetch the images and unpack each synset's tar into a folder of its name",
    ),
    Dataset(
        name="conceptual-captions",
        what="Conceptual Captions: 3.3 million image addresses with captions from web pages",
        source="https://ai.google.com/research/ConceptualCaptions/download",
        licence="free for any use with attribution; the images are their owners'",
        citation="Piyush Sharma, Nan Ding, Sebastian Goodman, Radu Soricut. Conceptual Captions. ACL 2018.",
        format="tab-separated without a header: caption, address",
        obtain="fetch Train_GCC-training.tsv from its page, put the header 'caption<TAB>url' on top, and let "
        "img2dataset fetch the images (--input_format tsv --output_format webdataset)",
        files=(RemoteFile("Train_GCC-training.tsv"),),
    ),
    Dataset(
        name="img2dataset",
        what="what the program img2dataset writes: images fetched from a list of addresses, in tar shards",
        source="https://github.com/rom1504/img2dataset",
        licence="MIT (the program); the images are their owners'",
        citation="Romain Beaumont. img2dataset: Easily turn large sets of image urls to an image dataset. 2021.",
        format="00000.tar, 00001.tar, …, each with KEY.jpg, KEY.txt (the caption) and KEY.json an image",
        obtain="run img2dataset with --output_format webdataset on your list of addresses",
    ),
)


def listing() -> list[Dataset]:
    """Returns all data sets, sorted by name."""
    return sorted(DATASETS, key=lambda dataset: dataset.name)


def dataset(name: str) -> Dataset:
    """Finds a data set by its name; case, hyphens and the like do not matter (``SimLex999`` is ``simlex-999``).

    Raises:
        UnknownNameError: there is none; the message suggests near ones.
    """

    def plain(text: str) -> str:
        return "".join(c for c in text.lower() if c.isalnum())

    for candidate in DATASETS:
        if plain(candidate.name) == plain(name):
            return candidate
    raise unknown_name("data set", name, [d.name for d in DATASETS], hint="wordsight data list shows all")

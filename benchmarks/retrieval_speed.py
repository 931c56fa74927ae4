"""The time for an epoch of the retrieval task's network: 10,000 captions of Flickr30k, hidden size 1,024.

    python benchmarks/retrieval_speed.py [--captions 10000] [--threads 2]

Writes benchmarks/results/retrieval_speed.json. Under a minute on two idle cores. Image features and word vectors are
random, since this costs the same. The file also has the share of the GRU's steps that padding each batch to its longest
caption would waste, in random order and sorted by length.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import report
import torch

from wordsight.evaluation.tasks.retrieval_network import texts_of
from wordsight.evaluation.tasks.retrieval_settings import RetrievalSettings
from wordsight.evaluation.tasks.retrieval_training import Retriever
from wordsight.grounding.caption_splits import CaptionSplits
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures
from wordsight.storage.plain_text import read_text
from wordsight.text.tokenize import tokenizer
from wordsight.vectors.word_vectors import WordVectors

PROTOCOL = (
    "The first English captions of Flickr30k's training images, five an image; random image features [n, 1280] and "
    "word vectors of 100 numbers; hidden size 1,024, batches of 128, all negatives. Seconds of the second of two "
    "epochs, and CPU seconds an epoch (of all threads), which hardly depend on what else the machine does."
)


def main() -> None:
    """Trains two epochs and writes the time of the second."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captions", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    random = np.random.default_rng(0)
    # Not read as a table, since a caption contains a tab.
    lines = read_text(report.data_folder() / "labels/flickr30k_captions.tsv").split("\n")
    rows = [line.split("\t", 3) for line in lines if line.startswith("train\t")]
    said: dict[str, list[str]] = {}
    for _, image, language, caption in rows:
        if language == "en":
            said.setdefault(image, []).append(caption)
    images = list(said)[: given.captions // 5 + 4]  # the last few stand for validation and test
    english = [(image, caption) for image in images for caption in said[image]]
    features = ImageFeatures(images, random.normal(size=(len(images), 1280)))
    captions = ImageCaptions([caption for _, caption in english], features.rows([i for i, _ in english]), features)
    words = sorted({word for _, caption in english for word in tokenizer("words").tokens(caption)})
    vectors = WordVectors(words, random.normal(size=(len(words), 100)))
    parts = ["training"] * given.captions + ["validation"] * 10 + ["test"] * 10
    splits = CaptionSplits.from_parts(captions, parts)
    settings = RetrievalSettings(epochs=2, workers=given.threads, device="cpu", transform="l2")
    start = time.process_time()
    retriever = Retriever(vectors, splits, settings).fit()
    cpu = (time.process_time() - start) / settings.epochs
    texts, _ = texts_of(splits.training, vectors)
    order = torch.from_numpy(random.permutation(given.captions))
    padding = {
        "padding_in_random_order": padded(texts.lengths, order, settings.batch_size),
        "padding_by_length": padded(texts.lengths, retriever._by_length(texts)(order), settings.batch_size),
    }
    seconds = given.captions / retriever.history[-1]["captions_per_second"]
    row = {"seconds": round(seconds, 1), "words_per_second": round(len(texts.words) / seconds)}
    row |= {"cpu_seconds": round(cpu, 1), **padding}
    shape = {"captions": given.captions, "words": len(texts.words), "threads": given.threads, "hidden": settings.hidden}
    print(row, report.write("retrieval_speed", PROTOCOL, shape, [row]))


def padded(lengths: np.ndarray, order: torch.Tensor, size: int) -> float:
    """The share of the steps that would be made on padding."""
    batches = [lengths[batch.numpy()] for batch in order.split(size)]
    return round(float(1 - lengths.sum() / sum(len(batch) * batch.max() for batch in batches)), 4)


if __name__ == "__main__":
    main()

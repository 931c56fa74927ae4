"""IESG: that its words and images meet, its contrastive loss against the formula."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from wordsight.evaluation.data.candidates import Candidates
from wordsight.evaluation.tasks.matching import matching
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.models._iesg_contrastive import Contrast
from wordsight.models._image_space import WordImages
from wordsight.models.iesg import IESG
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors

N_TOPICS, N_WORDS = 6, 5


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Documents about one topic each."""
    random = np.random.default_rng(0)
    topics = [[f"t{topic}w{i}" for i in range(N_WORDS)] for topic in range(N_TOPICS)]
    return Corpus.from_documents([random.choice(topics[i % N_TOPICS], 20).tolist() for i in range(600)])


@pytest.fixture(scope="module")
def lexicon() -> VisualLexicon:
    """Twelve images of each word but the topics' last, like those of the topic and a little like those of the word."""
    random = np.random.default_rng(1)
    of_topic, of_word = random.normal(size=(N_TOPICS, 20)), random.normal(size=(N_TOPICS, N_WORDS, 20))
    pairs, rows = [], []
    for topic in range(N_TOPICS):
        for word in range(N_WORDS - 1):
            for i in range(12):
                pairs.append((f"t{topic}w{word}", f"t{topic}w{word}/{i}"))
                rows.append(of_topic[topic] + of_word[topic, word] + 0.3 * random.normal(size=20))
    return VisualLexicon.from_pairs(pairs, ImageFeatures([image for _, image in pairs], np.array(rows)))


def fitted(corpus: Corpus, lexicon: VisualLexicon, **settings: Any) -> IESG:
    model = IESG(dim=16, subsample=0, workers=1, transform="centre l2", **settings)
    return model.fit(corpus, lexicon)


def topic_precision(model: IESG, lexicon: VisualLexicon) -> float:
    """How often the word nearest to an image is of its topic."""
    images = model.image_vectors(lexicon.features)
    found = model.vectors_.nearest(images, 1)[0][:, 0]
    topics = [image[:2] for image in lexicon.features.ids]
    return float(np.mean([model.vectors_.words[row][:2] == topic for row, topic in zip(found, topics, strict=True)]))


def word_precision(model: IESG, lexicon: VisualLexicon) -> list[float]:
    """P@1 among 20, from images to words and from words to images."""
    words_of = {image: [image.partition("/")[0]] for image in lexicon.features.ids}
    candidates = Candidates.draw(words_of, n_candidates=20)
    images = WordVectors(lexicon.features.ids, model.image_vectors(lexicon.features))
    return [result.score for result in matching(model.vectors_, images, candidates)]


HINGE: dict[str, Any] = {"hinge_negatives": 1, "weight": 1.0, "margin": 2.0, "pretraining": 2, "epochs": 6}


def test_images_find_the_words_around_their_own(corpus: Corpus, lexicon: VisualLexicon) -> None:
    """Without the central word, equation 2 names the words around an image's, which are of its topic: 1 in 6."""
    model = fitted(corpus, lexicon, central_word=False, **HINGE)
    assert topic_precision(model, lexicon) > 0.6
    assert {"word_loss", "image_loss", "loss"} <= set(model.history_[-1])
    assert model.history_[-1]["image_loss"] < model.history_[0]["image_loss"]


def test_images_that_predict_their_own_word_find_it(corpus: Corpus, lexicon: VisualLexicon) -> None:
    own, around = (fitted(corpus, lexicon, central_word=central, **HINGE) for central in (True, False))
    assert word_precision(own, lexicon)[0] > 0.1 + word_precision(around, lexicon)[0]


def test_the_contrastive_variant_finds_the_very_word(corpus: Corpus, lexicon: VisualLexicon) -> None:
    model = fitted(corpus, lexicon, objective="contrastive", pretraining=2, epochs=2, passes=40)
    assert min(word_precision(model, lexicon)) > 0.8
    assert topic_precision(model, lexicon) > 0.8  # chance: 1 in 6
    # Words without images stay near their topic: the text is still read.
    for topic in range(N_TOPICS):
        near = [word for word, _ in model.vectors_.most_similar(f"t{topic}w{N_WORDS - 1}", topn=3)]
        assert sum(word.startswith(f"t{topic}") for word in near) >= 2


def test_the_contrastive_loss_is_the_formula() -> None:
    """Both directions over a batch written out; what is a pair is no negative."""
    random = np.random.default_rng(3)
    images = WordImages(
        ids=np.array([0, 2, 3]),
        indptr=np.array([0, 2, 4, 5]),
        rows=np.array([0, 1, 1, 2, 3]),
        weights=np.array([1, 2, 1, 1, 3], np.float32),
        features=np.pad(random.normal(size=(4, 3)).astype(np.float32), ((0, 0), (0, 1)), constant_values=1),
    )
    table = random.normal(size=(6, 16)).astype(np.float32)
    contrast = Contrast(images, table, dim=5, temperature=0.5, noise=0.0, seed=0)
    loss = contrast.loss(torch.arange(5)).item()
    words = contrast._words.detach().numpy()
    projected = images.features @ contrast.projection().T
    words, projected = (m / np.linalg.norm(m, axis=1, keepdims=True) for m in (words, projected))
    pairs = {(0, 0): 1, (0, 1): 2, (1, 1): 1, (1, 2): 1, (2, 3): 3}
    exp = np.exp(words @ projected.T / 0.5)
    total = 0.0
    for (word, image), weight in pairs.items():
        other_images = sum(exp[word, i] for i in range(4) if (word, i) not in pairs)
        other_words = sum(exp[w, image] for w in range(3) if (w, image) not in pairs)
        for others in (other_images, other_words):
            total -= weight * math.log(exp[word, image] / (exp[word, image] + others)) / 2
    assert loss == pytest.approx(total / 8, rel=1e-5)


def test_a_constant_that_all_words_like_satisfies_the_hinge_losses() -> None:
    """Why λ = 5 tells little apart: with E equal for all pairs both losses are 0 from m / (λ − 1) on."""
    model = IESG(weight=5.0, margin=10.0)
    energy = model.margin / (model.weight - 1)
    losses = [max(0.0, model.margin - model.weight * e + e) for e in (0.99 * energy, energy, 2 * energy)]
    assert losses[0] > 0 and losses[1:] == [0, 0]


def test_a_skip_gram_can_be_given(corpus: Corpus, lexicon: VisualLexicon) -> None:
    text = SGNS(dim=16, subsample=0, epochs=2, workers=1).fit(corpus)
    for objective in ("hinge", "contrastive"):
        settings: dict[str, Any] = {"objective": objective, "pretraining": 2, "epochs": 1, "passes": 2}
        ours, given = fitted(corpus, lexicon, **settings), IESG(dim=16, subsample=0, workers=1, **settings)
        given.set_params(transform="centre l2").fit(corpus, lexicon, text)
        np.testing.assert_array_equal(given.vectors_.matrix, ours.vectors_.matrix)
        np.testing.assert_array_equal(given.projection_, ours.projection_)


def test_knows_the_encoder_of_its_images(corpus: Corpus, lexicon: VisualLexicon, tmp_path: Path) -> None:
    seen = lexicon.features
    features = ImageFeatures(seen.ids, seen.matrix, encoder="efficientnet-lite0", encoder_fingerprint="abc")
    model = fitted(corpus, lexicon.with_features(features), pretraining=1, epochs=1)
    model.save(tmp_path / "model")
    restored = IESG.load(tmp_path / "model")
    assert restored.encoder_ == {"encoder": "efficientnet-lite0", "encoder_fingerprint": "abc"}
    np.testing.assert_array_equal(restored.image_vectors(features), model.image_vectors(features))

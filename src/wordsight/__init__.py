"""wordsight: word vectors learned from text and from the pictures that go with words.

Names are imported on first use, so that ``import wordsight`` takes no time.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from wordsight.models.registry import MODELS
from wordsight.version import __version__ as __version__

_EXPORTS = {  # name → module; the models' names come from their registry
    "Corpus": "text.corpus",
    "Vocabulary": "text.vocabulary",
    "ImageEncoder": "images.encoders.base",
    "ImageFeatures": "images.features",
    "VisualLexicon": "grounding.lexicon",
    "hidden_words": "grounding.visual_words",
    "CaptionSplits": "grounding.caption_splits",
    "ImageCaptions": "grounding.captions",
    "read_captions": "grounding.caption_formats",
    "Model": "models.base",
    "ParallelText": "text.parallel",
    "WordVectors": "vectors.word_vectors",
    "Comparison": "evaluation.result",
    "Comparisons": "evaluation.result",
    "Result": "evaluation.result",
    "Results": "evaluation.result",
    "compare": "evaluation.paired",
    "EmojiWorld": "datasets.emoji_world",
    "emoji_world": "datasets.emoji_world",
    "evaluate": "evaluation.registry",
    "image_encoder": "images.encoders.registry",
    "join_languages": "text.languages",
    "load": "models.registry",
    "ProgressReport": "progress",
    "tracked_by": "progress",
    "JSONLines": "tracking.json_lines",
    "TensorBoard": "tracking.tensorboard",
    "WeightsAndBiases": "tracking.weights_and_biases",
    "TextVectorizer": "interop.text_vectorizer",
    "captions_from_dataset": "interop.datasets",
    "features_from_dataset": "interop.datasets",
    "from_gensim": "interop.gensim",
    "from_spacy": "interop.spacy",
    "to_gensim": "interop.gensim",
    "to_projector": "interop.projector",
    "to_spacy": "interop.spacy",
    "WordsightError": "errors",
}

_ROOMS = ("plots",)
"""Rooms that are public by their own names."""


def _locations() -> dict[str, str]:
    """Returns public name → the module that has it."""
    models = {name: module for module, name in (location.split(":") for location in MODELS.values())}
    return {name: f"wordsight.{module}" for name, module in _EXPORTS.items()} | models


__all__ = [*_locations(), *_ROOMS, "__version__"]

if TYPE_CHECKING:  # type checkers do not run the code above; tests/test_public_api.py compares
    from wordsight import plots as plots
    from wordsight.datasets.emoji_world import EmojiWorld as EmojiWorld
    from wordsight.datasets.emoji_world import emoji_world as emoji_world
    from wordsight.errors import WordsightError as WordsightError
    from wordsight.evaluation.paired import compare as compare
    from wordsight.evaluation.registry import evaluate as evaluate
    from wordsight.evaluation.result import Comparison as Comparison
    from wordsight.evaluation.result import Comparisons as Comparisons
    from wordsight.evaluation.result import Result as Result
    from wordsight.evaluation.result import Results as Results
    from wordsight.grounding.caption_formats import read_captions as read_captions
    from wordsight.grounding.caption_splits import CaptionSplits as CaptionSplits
    from wordsight.grounding.captions import ImageCaptions as ImageCaptions
    from wordsight.grounding.lexicon import VisualLexicon as VisualLexicon
    from wordsight.grounding.visual_words import hidden_words as hidden_words
    from wordsight.images.encoders.base import ImageEncoder as ImageEncoder
    from wordsight.images.encoders.registry import image_encoder as image_encoder
    from wordsight.images.features import ImageFeatures as ImageFeatures
    from wordsight.interop.datasets import captions_from_dataset as captions_from_dataset
    from wordsight.interop.datasets import features_from_dataset as features_from_dataset
    from wordsight.interop.gensim import from_gensim as from_gensim
    from wordsight.interop.gensim import to_gensim as to_gensim
    from wordsight.interop.projector import to_projector as to_projector
    from wordsight.interop.spacy import from_spacy as from_spacy
    from wordsight.interop.spacy import to_spacy as to_spacy
    from wordsight.interop.text_vectorizer import TextVectorizer as TextVectorizer
    from wordsight.models.base import Model as Model
    from wordsight.models.cbow import CBOW as CBOW
    from wordsight.models.cnn import CNN as CNN
    from wordsight.models.cnn_sgns import CNNSGNS as CNNSGNS
    from wordsight.models.iesg import IESG as IESG
    from wordsight.models.imagevec import ImageVec as ImageVec
    from wordsight.models.imagevec_multitask import ImageVecMultitask as ImageVecMultitask
    from wordsight.models.ivsgns import IVSGNS as IVSGNS
    from wordsight.models.l2_projection import L2Projection as L2Projection
    from wordsight.models.multiskip import MultiSkip as MultiSkip
    from wordsight.models.muse import MUSE as MUSE
    from wordsight.models.pixie import PIXIE as PIXIE
    from wordsight.models.registry import load as load
    from wordsight.models.sgns import SGNS as SGNS
    from wordsight.models.vae_sgns import VAESGNS as VAESGNS
    from wordsight.models.visual_vae import VisualVAE as VisualVAE
    from wordsight.models.vsgns import VSGNS as VSGNS
    from wordsight.models.wield import WIELD as WIELD
    from wordsight.models.wield_input import WIELDInput as WIELDInput
    from wordsight.progress import ProgressReport as ProgressReport
    from wordsight.progress import tracked_by as tracked_by
    from wordsight.text.corpus import Corpus as Corpus
    from wordsight.text.languages import join_languages as join_languages
    from wordsight.text.parallel import ParallelText as ParallelText
    from wordsight.text.vocabulary import Vocabulary as Vocabulary
    from wordsight.tracking.json_lines import JSONLines as JSONLines
    from wordsight.tracking.tensorboard import TensorBoard as TensorBoard
    from wordsight.tracking.weights_and_biases import WeightsAndBiases as WeightsAndBiases
    from wordsight.vectors.word_vectors import WordVectors as WordVectors


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"wordsight.{name}")
    module = _locations().get(name)
    if module is None:
        raise AttributeError(f"module 'wordsight' has no attribute {name!r}")
    value = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*_locations(), *_ROOMS, "__version__"])

"""Finds image encoders by name. A new encoder is a file with its class, and one line here."""

from __future__ import annotations

from wordsight.errors import unknown_name
from wordsight.extras import registered
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.encoders.joined import JOINT, JoinedEncoder

ENCODERS = {
    "efficientnet-lite0": "wordsight.images.encoders.efficientnet:EfficientNetLite",
    "efficientnet-lite1": "wordsight.images.encoders.efficientnet:EfficientNetLite",
    "efficientnet-lite2": "wordsight.images.encoders.efficientnet:EfficientNetLite",
    "hf:NAME": "wordsight.images.encoders.huggingface:HuggingFaceEncoder",
}
"""Name → its class, imported only when it is needed. NAME after a colon stands for any name."""


def image_encoder(name: str, *, device: str = "auto") -> ImageEncoder:
    """Makes an image encoder.

    Args:
        name: one of

            - ``"efficientnet-lite0"``, ``"efficientnet-lite1"``, ``"efficientnet-lite2"``, in any case, with
              hyphens or underscores;
            - ``"hf:NAME"``, ``"hf:NAME:pooled"`` or ``"hf:NAME:mean"`` for any vision model of transformers; NAME is
              a model of the hub or a local directory;
            - several of these joined by a plus: the features of each, brought to unit length, stand side by side.
        device: ``"cpu"``, ``"cuda"``, ...; ``"auto"`` takes a GPU where there is one.

    Raises:
        UnknownNameError: no such encoder; the message suggests near ones.
        MissingExtraError: the packages for it are not installed.
        DataError: the model cannot be loaded.
        ParameterError: no such device here.
    """
    if JOINT in name:
        return JoinedEncoder([image_encoder(part, device=device) for part in name.split(JOINT)])
    prefix, colon, rest = name.strip().partition(":")
    prefix = prefix.lower().replace("_", "-")
    location = ENCODERS.get(f"{prefix}:NAME" if rest else prefix)
    if location is None:
        raise unknown_name("image encoder", name, ENCODERS, hint=f"there are: {', '.join(ENCODERS)}")
    encoder: ImageEncoder = registered(location)(prefix + colon + rest, device=device)
    return encoder

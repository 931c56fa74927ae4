"""The standard features: one encoder's or both, and what they are known by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import UnknownNameError
from wordsight.papers.standard_data import BOTH, ENCODERS, captions_fingerprint, standard_features


@pytest.mark.data
def test_both_encoders_have_the_same_weight(data: Path) -> None:
    both = standard_features(data)
    assert (both.encoder, both.matrix.shape) == ("efficientnet-lite0+efficientnet-lite2", (10247, 2560))
    for index, encoder in enumerate(ENCODERS):
        one = standard_features(data, encoder)
        assert (one.encoder, one.ids, one.sources) == (encoder, both.ids, both.sources)
        raw, part = one.matrix[::97].astype(np.float64), both.matrix[::97, 1280 * index : 1280 * (index + 1)]
        np.testing.assert_allclose(part, raw / np.sqrt((raw**2).sum(axis=1, keepdims=True)), atol=2e-4)


@pytest.mark.data
def test_captions_are_known_by_their_encoder(data: Path) -> None:
    settings = [{"captions": "standard", "encoder": encoder} for encoder in (*ENCODERS, BOTH)]
    assert len({captions_fingerprint(data, one) for one in settings}) == 3


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"'lite0'; there are: efficientnet-lite0, .*lite2"):
        standard_features(tmp_path, "lite0")

import json
from pathlib import Path

import numpy as np
import pytest

from wordsight.storage.json_toml import write_json


def test_json_takes_numpy_numbers_and_paths(tmp_path: Path) -> None:
    value = {
        "n": np.int64(3),
        "x": np.float32(0.5),
        "flag": np.True_,
        "path": Path("a/b"),
        "word": "été",
        "pair": (1, 2),
    }
    write_json(tmp_path / "a.json", value)
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert text.endswith("}\n") and "été" in text
    assert json.loads(text) == {"n": 3, "x": 0.5, "flag": True, "path": "a/b", "word": "été", "pair": [1, 2]}
    with pytest.raises(TypeError, match="cannot write set"):
        write_json(tmp_path / "b.json", {1})

"""What the explorer says, against the same computed here with NumPy."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image
from tests.explore.conftest import COLOURS, DIM, WORDS, MeanColours, Served

from wordsight.explore.thumbnails import SIZES
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.vectors.word_vectors import WordVectors

Project = Callable[[ImageFeatures], np.ndarray]


def unit(matrix: np.ndarray) -> np.ndarray:
    normed: np.ndarray = matrix / np.linalg.norm(matrix, axis=-1, keepdims=True)
    return normed


def names(found: list[dict[str, Any]]) -> list[str]:
    return [word["word"] for word in found]


def best(query: np.ndarray, matrix: np.ndarray, without: list[int]) -> list[int]:
    cosines = unit(matrix) @ unit(query)
    return [row for row in np.argsort(-cosines, kind="stable").tolist() if row not in without]


def test_info_says_what_there_is(served: Served) -> None:
    info = served.ask("/api/info")
    seeing, blind = info["models"]
    assert [seeing["name"], seeing["dim"], seeing["n_words"], seeing["languages"]] == ["seeing", DIM, 10, ["de", "en"]]
    assert [m["sees_pictures"] for m in (seeing, blind)] == [True, False]
    assert [m["has_counts"] for m in (seeing, blind)] == [True, False]
    assert seeing["n_with_pictures"] == 6
    assert info["pictures"]["n"] == 8 and info["pictures"]["has_files"] and info["pictures"]["can_upload"]
    assert not info["pictures"]["glyphs"] and not info["static"] and not info["token"]
    assert info["languages"] == ["de", "en"] and info["examples"][0] == "goose"


def test_neighbours_of_an_expression(served: Served, vectors: WordVectors) -> None:
    found = served.ask("/api/neighbours?q=en:goose%20-%20duck%20%2B%20de:auto&n=4")
    rows = [WORDS.index(word) for word in ("en:goose", "en:duck", "de:auto")]
    query = np.array([1, -1, 1]) @ unit(vectors.matrix[rows])
    expected = best(query, vectors.matrix, rows)[:4]
    assert names(found["neighbours"]) == [WORDS[row] for row in expected]
    cosines = [word["cosine"] for word in found["neighbours"]]
    assert cosines == pytest.approx((unit(vectors.matrix) @ unit(query))[expected], abs=1e-4)
    assert [(t["word"], t["sign"]) for t in found["terms"]] == [("en:goose", 1), ("en:duck", -1), ("de:auto", 1)]
    assert found["facts"] is None and found["missing"] == []


def test_an_untagged_word_is_found_in_its_languages(served: Served) -> None:
    gift = served.ask("/api/neighbours?q=Gift")["terms"][0]
    assert gift["word"] == "de:gift" and gift["also"] == ["en:gift"]


def test_facts_of_one_word(served: Served) -> None:
    assert served.ask("/api/neighbours?q=goose")["facts"] == {
        "rank": 1, "count": 100, "has_pictures": True, "concreteness": 4.9,
    }  # fmt: skip
    german = served.ask("/api/neighbours?q=de:gift&model=1")["facts"]
    assert german == {"rank": 9, "count": None, "has_pictures": False, "concreteness": None}, "ratings are English"


def test_filters(served: Served) -> None:
    german = served.ask("/api/neighbours?q=goose&language=de&n=50")["neighbours"]
    assert sorted(names(german)) == sorted(word for word in WORDS if word.startswith("de:"))
    pictured = served.ask("/api/neighbours?q=goose&with_pictures=1&n=50")["neighbours"]
    assert sorted(names(pictured)) == ["de:ente", "de:gans", "en:bird", "en:car", "en:duck"]
    assert all(word["has_pictures"] and word["pictures"] for word in pictured)
    both = served.ask("/api/neighbours?q=goose&with_pictures=1&language=de&n=50")["neighbours"]
    assert sorted(names(both)) == ["de:ente", "de:gans"]


def test_missing_words_are_left_out_and_others_offered(served: Served) -> None:
    found = served.ask("/api/neighbours?q=gose%20%2B%20duck")
    assert names(found["terms"]) == ["en:duck"] and found["neighbours"]
    [missing] = found["missing"]
    assert missing["text"] == "gose" and names(missing["did_you_mean"])[0] == "en:goose"
    nothing = served.ask("/api/neighbours?q=qqqqqq")
    assert nothing["terms"] == [] and nothing["neighbours"] == [] and nothing["missing"][0]["did_you_mean"] == []


def test_suggestions(served: Served) -> None:
    found = served.ask("/api/suggest?q=G")
    assert names(found["suggestions"]) == ["en:goose", "en:gift", "de:gans", "de:gift"], "by rank"
    assert names(served.ask("/api/suggest?q=de:g")["suggestions"]) == ["de:gans", "de:gift"]
    assert names(served.ask("/api/suggest?q=g&language=de&n=1")["suggestions"]) == ["de:gans"]
    strasse = served.ask(f"/api/suggest?q={quote('STRASSE')}")
    assert names(strasse["suggestions"]) == ["de:straße"]
    assert names(served.ask("/api/suggest?q=gosse")["did_you_mean"])[0] == "en:goose"


def test_pictures_of_an_expression_in_the_models_space(
    served: Served, vectors: WordVectors, features: ImageFeatures, projection: Project
) -> None:
    found = served.ask("/api/pictures?q=goose&n=3")
    assert [picture["row"] for picture in found["own"]] == [0, 1] and found["by"] == "space"
    expected = best(vectors.matrix[0], projection(features), [])[:3]
    assert [picture["row"] for picture in found["nearest"]] == expected
    assert found["nearest"][0]["id"] == features.ids[expected[0]]
    assert served.ask("/api/pictures?q=gift")["nearest"], "also for a word without pictures"


def reduced(features: ImageFeatures) -> np.ndarray:
    """Features centred, on all their principal directions, each divided by the root of its singular value."""
    centred = features.matrix - features.matrix.mean(axis=0)
    u, s, _ = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    return unit(u * s**0.5)


def test_pictures_of_an_expression_by_features(served: Served, features: ImageFeatures) -> None:
    found = served.ask("/api/pictures?q=goose&n=8&model=1")
    space = reduced(features)
    assert found["by"] == "features"
    cosines = {picture["row"]: picture["cosine"] for picture in found["nearest"]}
    expected = unit(space) @ unit(space[[0, 1]].mean(axis=0))
    assert cosines == pytest.approx(dict(enumerate(expected)), abs=2e-3)
    without = served.ask("/api/pictures?q=gift&model=1")
    assert without["by"] is None and without["nearest"] == [] and without["own"] == []


def test_a_picture(served: Served, vectors: WordVectors, features: ImageFeatures, projection: Project) -> None:
    found = served.ask("/api/picture/0?n=2")
    images = projection(features)
    assert found["picture"] == {"row": 0, "id": "goose0.png", "label": "goose0"}
    assert names(found["own_words"]) == ["en:goose", "de:gans", "en:bird"]
    for language in ("en", "de"):
        rows = [row for row, word in enumerate(WORDS) if word.startswith(language)]
        expected = [rows[i] for i in best(images[0], vectors.matrix[rows], [])[:2]]
        assert [word["row"] for word in found["words"][language]] == expected
    assert [picture["row"] for picture in found["pictures"]] == best(images[0], images, [0])[:2]
    assert served.get("/api/picture/8").status == 400


def test_words_of_a_picture_by_features(served: Served, features: ImageFeatures, lexicon: VisualLexicon) -> None:
    found = served.ask("/api/picture/4?n=9&model=1")
    space = reduced(features)
    means = {word: space[lexicon.images(word)].mean(axis=0) for word in lexicon.words if word.startswith("en")}
    expected = sorted(means, key=lambda word: -float(unit(means[word]) @ space[4]))
    assert names(found["words"]["en"]) == expected and expected[0] == "en:car"


def test_a_dropped_picture(served: Served, vectors: WordVectors, projection: Project, encoder: MeanColours) -> None:
    out = io.BytesIO()
    Image.new("RGB", (50, 40), (255, 0, 0)).save(out, "PNG")
    reply = served.request("POST", "/api/upload?n=3", out.getvalue())
    assert reply.status == 200
    features = ImageFeatures(["x"], np.array([[1.0, 0, 0, 1, 1]]))
    rows = [row for row, word in enumerate(WORDS) if word.startswith("en")]
    expected = [WORDS[rows[i]] for i in best(projection(features)[0], vectors.matrix[rows], [])[:3]]
    assert names(reply.json["words"]["en"]) == expected


def test_other_languages_with_the_pictures_that_join(served: Served) -> None:
    found = served.ask("/api/crosslingual?q=en:goose&n=5")
    assert set(found["languages"]) == {"de", "en"}
    german = {word["word"]: [picture["row"] for picture in word["pictures"]] for word in found["languages"]["de"]}
    assert german["de:gans"] == [0, 1], "goose and Gans share these"
    assert "en:goose" not in names(found["languages"]["en"])


@pytest.mark.parametrize("size", SIZES)
def test_thumbnails(served: Served, size: int) -> None:
    key = served.ask("/api/info")["pictures"]["key"]
    reply = served.get(f"/thumbnail/4?size={size}&v={key}")
    assert reply.status == 200 and reply.headers["content-type"].startswith("image/")
    image = Image.open(io.BytesIO(reply.body)).convert("RGB")
    assert max(image.size) == min(size, 300) and image.size[1] == pytest.approx(image.size[0] * 2 / 3, abs=1)
    red, green, blue = image.getpixel((10, 10))  # type: ignore[misc]
    assert red > 240 and green < 15 and blue < 15 and COLOURS["car"] == "red"
    assert "max-age" in reply.headers["cache-control"]
    assert served.get(f"/thumbnail/4?size={size}&v=old").headers["cache-control"] == "no-store"


def test_every_answer_carries_the_policy(served: Served) -> None:
    for path in ("/", "/app.js", "/api/info", "/thumbnail/0", "/nothing"):
        headers = served.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and "server" not in headers
    assert served.get("/").headers["content-type"].startswith("text/html")
    assert "javascript" in served.get("/app.js").headers["content-type"]


def test_other_names_of_this_machine_are_ours(served: Served) -> None:
    for host in ("localhost", "LOCALHOST:9000", "127.0.0.1:1", "[::1]:80"):
        assert served.get("/api/info", {"Host": host}).status == 200
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "192.168.0.1", "[::2]", ""):
        assert served.get("/api/info", {"Host": host}).status == 421
    linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert served.get("/", linked).status == 200, "a link in a mail opens the page"
    assert served.get("/api/info", linked).status == 403


def test_beyond_this_machine_a_token_is_needed(served: Served, own_page: None) -> None:
    public = Served(served.collection, host="0.0.0.0")
    try:
        token = public.address.partition("?token=")[2]
        assert len(token) > 20
        for path in ("/", "/api/info", "/thumbnail/0", "/nothing"):
            refused = public.get(path)
            assert refused.status == 403 and "token" in refused.json["error"]
            assert public.get(f"{path}?token={token[:-1]}x").status == 403
        assert public.ask(f"/api/info?token={token}")["token"]
        assert public.get(f"/api/info?token={token}", {"Host": "192.168.0.7:80"}).status == 200
        assert public.get(f"/api/info?token={token}", {"Host": "evil.example"}).status == 421
        assert public.get("/app.js").status == 200, "the scripts are no secret"
    finally:
        public.stop()

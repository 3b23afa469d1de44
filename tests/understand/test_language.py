"""The language of a text, or an honest null."""

import json
import tomllib
from pathlib import Path

import pyarrow as pa
import pytest

from sori.understand.language import make_language

CASES = {
    "배송이 너무 늦어요": "ko",
    "ㅋㅋㅋ": "ko",
    "app crash 계속 돼요": "ko",
    "ios26 업데이트 후 먹통": "ko",
    "配送がとても遅いです": "ja",
    "ありがとう": "ja",
    "快递太慢了，我要退款": "zh",
    "Where is my order??": "en",
    "the app won't open since the update": "en",
    "thanks!": "en",
    "¿dónde está mi pedido?": "es",
    "je n'arrive pas à me connecter": "fr",
    "ich kann mich nicht anmelden": "de",
    "não consigo entrar": "pt",
    "gak bisa login": "id",
    "thanh toán lỗi": "vi",
    "дякую, не працює": "uk",
    "สวัสดีครับ": "th",
}
UNKNOWN = [
    "", "12345", "👍👍", "...", "谢谢", "ok",
    "annyeonghaseyo baesong neomu neujeoyo", "jinjja jjajeungna", "asdf qwer zxcv",
]  # fmt: skip


def languages(texts: list[str]) -> list[str | None]:
    return make_language()(pa.record_batch({"text": pa.array(texts)})).column("lang").to_pylist()


@pytest.mark.parametrize(("text", "lang"), CASES.items())
def test_it_tells_the_language(text, lang):
    assert languages([text]) == [lang]


@pytest.mark.parametrize("text", UNKNOWN)
def test_it_says_nothing_where_it_cannot_tell(text):
    assert languages([text]) == [None]


def test_its_confidence_is_a_probability_and_null_without_letters():
    batch = pa.record_batch({"text": pa.array([*CASES, *UNKNOWN])})

    done = make_language()(batch)

    for text, sure in zip(
        batch.column("text").to_pylist(), done.column("lang_confidence").to_pylist(), strict=True
    ):
        assert sure is None if not any(map(str.isalpha, text)) else 0 <= sure <= 1


SHORT = tomllib.loads((Path(__file__).parent / "short_posts.toml").read_text(encoding="utf-8"))
SPOKEN = {lang: texts for lang, texts in SHORT.items() if lang not in ("unknown", "chat")}


def test_it_tells_the_language_of_short_posts_and_is_hardly_ever_wrong():
    pairs = [(lang, said) for lang, texts in SPOKEN.items() for said in languages(texts)]

    assert len(pairs) >= 120
    assert len(SPOKEN) == 12
    assert sum(lang == said for lang, said in pairs) / len(pairs) >= 0.93
    assert sum(said not in (lang, None) for lang, said in pairs) / len(pairs) <= 0.01


@pytest.mark.parametrize("lang", SPOKEN)
def test_it_knows_most_short_posts_of_every_language(lang):
    assert languages(SPOKEN[lang]).count(lang) >= 0.7 * len(SPOKEN[lang])


@pytest.mark.parametrize("text", SHORT["unknown"])
def test_it_says_unknown_rather_than_wrong(text):
    assert languages([text]) == [None]


@pytest.mark.parametrize("text", SHORT["chat"])
def test_it_never_takes_korean_chat_for_another_language(text):
    assert languages([text])[0] in ("ko", None)


def test_it_reads_the_end_of_a_mixed_sentence_as_its_language():
    texts = ["customer service 최악", "제이홉 happy birthday to you"]

    assert languages(texts) == ["ko", "en"]


def test_it_says_english_of_english_posts():
    folder = Path(__file__).parents[2] / "training" / "examples"
    texts = [
        json.loads(line)["text"]
        for path in folder.glob("en_*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]

    assert languages(texts).count("en") / len(texts) >= 0.97

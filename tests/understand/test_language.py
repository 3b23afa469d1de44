"""The language of a text, or an honest null."""

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

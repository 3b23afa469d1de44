"""Folding is the same for one rule as for a column of posts."""

import sys
import unicodedata

import numpy as np
import pyarrow as pa
import pytest

from sori.listen.language import fold, squeeze
from sori.listen.matching.texts import fold_column, texts_of

EVERY_LETTER = [
    chr(point)
    for point in range(sys.maxunicode + 1)
    if unicodedata.category(chr(point)) not in ("Cs", "Cn")
]


def folded(texts: list[str | None]) -> list[str]:
    made = texts_of(pa.array(texts, pa.string()))
    pairs = zip(made.bounds[:-1], made.bounds[1:], strict=True)
    return [made.octets[start:end].tobytes().decode() for start, end in pairs]


def test_it_folds_every_letter_of_unicode_alike():
    column = fold_column(pa.array(EVERY_LETTER, pa.large_string()))

    assert column.to_pylist() == [fold(letter) for letter in EVERY_LETTER]


def test_it_folds_no_further_what_is_folded():
    once = [fold(letter) for letter in EVERY_LETTER]

    assert [fold(letter) for letter in once] == once


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ＩＰｈｏｎｅ을", "iphone을"),
        ("환불", "환불"),
        ("\u1112\u116a\u11ab\u1107\u116e\u11af", "환불"),
        ("ｶﾞ", "ガ"),
        ("J̌ ΣΑΣ", "ǰ σασ"),
        ("…", "..."),
        ("힣힝꿸\ud7b0", "힣힝꿸\ud7b0"),
    ],
)
def test_it_folds_what_belongs_together(written: str, meant: str):
    assert fold(written) == meant
    assert folded([written]) == [meant]


def test_it_squeezes_blanks_but_never_across_texts():
    texts = [" a \t\n", None, "", "  ", "\r\nb\u00a0\u3000c ", " ", "d\0\0e"]

    assert folded(texts) == [squeeze(fold(text or "")) for text in texts]
    assert folded(texts) == [" a ", "", "", " ", " b c ", " ", "d\0\0e"]


@pytest.mark.parametrize("column", [[], [None, None], ["", ""]])
def test_it_folds_columns_without_a_letter(column: list[str | None]):
    texts = texts_of(pa.array(column, pa.string()))

    assert len(texts) == len(column)
    assert not np.any(texts.bounds)


def test_it_folds_a_slice_of_a_column():
    column = pa.array(["Ａ", "환불  B", None, "Ｃ"]).slice(1, 2)

    assert texts_of(column).octets.tobytes().decode() == "환불 b"

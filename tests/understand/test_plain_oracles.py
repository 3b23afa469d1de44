"""What the compiled loops do quickly is what a plain reading of their descriptions would do."""

import random
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sori.understand.embedding import rarity
from sori.understand.features import places
from sori.understand.grams import BUCKETS, LONGEST, sketch
from sori.understand.letters import letters_of_texts
from sori.understand.linear import IDF_STEPS, load
from sori.understand.privacy import find
from sori.understand.sparse import features_of

WORD = (1 << 64) - 1
TEXTS = [
    "",
    "a",
    "ㅋㅋ",
    "배송이 너무 늦어요. 언제 오나요? 010-1234-5678",
    "The app crashes EVERY time; order 20261123001 never arrived",
    "좋은데 비싸요 ㅠㅠ " * 20,
    "x y " * 400,
    "가나다라마바사아자차카타파하" * 90,
    "😀 ﬁne Ａｂｃ",
]


def mixed(value: int) -> int:
    """MurmurHash3's finaliser, as it is written down."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = ((value ^ (value >> 33)) * factor) & WORD
    return value ^ (value >> 33)


def run_hash(codes: list[int]) -> int:
    value = 1469598103934665603
    for code in codes:
        value = ((value ^ code) * 1099511628211) & WORD
    return mixed(value)


def plain_letters(folded: str) -> str:
    kept = ""
    for letter in folded:
        code = ord(letter)
        space = code <= 32 or code in {0x7F, 0xA0, 0x3000} or 0x2000 <= code <= 0x200F
        if space and kept[-1:] not in {"", " "}:
            kept += " "
        if not space and not kept.endswith(letter * 2):
            kept += letter
    return kept.removesuffix(" ")


@pytest.mark.parametrize("around", ["{}", "가{}각", "A {}\u0301B", "ㄱ{}ㅏ"])
def test_it_reads_the_letters_of_every_character_as_unicode_folds_them(around):
    every = [
        chr(code) for code in (*range(0xD800), *range(0xE000, 0x10000), *range(0x1F000, 0x20000))
    ]
    texts = [around.format(letter) for letter in every if unicodedata.category(letter) != "Cn"]

    letters = letters_of_texts(pa.array(texts))

    folded = pc.utf8_lower(pc.utf8_normalize(pa.array(texts), "NFKC")).to_pylist()
    wrong = [row for row, one in enumerate(folded) if letters.text(row) != plain_letters(one)]
    assert not wrong


@pytest.mark.parametrize("text", TEXTS)
def test_it_hashes_every_run_where_its_place_is(text):
    letters = letters_of_texts(pa.array([text]))
    codes = letters.codes.tolist()
    codes = codes[:700] + codes[-300:] if len(codes) > 1000 else codes
    marked = [2, *(48 if 48 <= code <= 57 else code for code in codes), 3] if codes else []
    ends = [(a, b) for a in range(len(marked)) for b in range(a + 1, min(len(marked), a + 5) + 1)]

    found = features_of(letters).keys.tolist()

    assert found[: len(ends)] == [(run_hash(marked[a:b]) >> 32) | 1 for a, b in ends]
    assert len(found) == len(places(letters.codes))


@pytest.mark.parametrize("name", ["labels", "language"])
def test_a_table_says_the_sum_of_what_its_features_say(name):
    table = load(name)
    slots = {int(key): slot for slot, key in enumerate(table.checks.tolist()) if key}
    letters = letters_of_texts(pa.array(TEXTS))
    features = features_of(letters)

    scores, known = table.scores(letters)

    for row in range(len(TEXTS)):
        keys = features.keys[features.ends[row] : features.ends[row + 1]].tolist()
        rows = [slots[key] for key in keys if key in slots]
        length = np.sqrt((table.rarity[rows].astype(np.float64) ** 2).sum())
        summed = table.weights[rows].sum(axis=0, dtype=np.int64)
        said = (summed * (IDF_STEPS / length if rows else 0.0)).astype(np.float32)
        assert np.array_equal(scores[row], said * table.scales + table.bias)
        assert known[row] == np.float32(len(rows) / len(keys) if keys else 0)


@pytest.mark.parametrize("text", ["a", "배송이 너무 늦어요 12", "the app keeps crashing " * 3])
def test_a_sketch_adds_every_run_once(text):
    plain = [2, *(48 if letter.isdigit() else ord(letter) for letter in text.strip()), 3]
    out, seen = np.zeros(128, np.float32), set()
    for first in range(len(plain)):
        for size in range(1, min(LONGEST, len(plain) - first) + 1):
            value = run_hash(plain[first : first + size])
            bucket = value >> (65 - BUCKETS.bit_length())
            if bucket not in seen:
                seen.add(bucket)
                weight = rarity()[bucket] / np.float32(size)
                for part in range(4):
                    bits = value >> (11 * part)
                    out[(bits >> 1) & 127] += weight if bits & 1 else -weight

    found = sketch(letters_of_texts(pa.array([text])), rarity(), 128)[0]

    np.testing.assert_allclose(found, out / np.sqrt((out * out).sum()), rtol=1e-5, atol=1e-7)


def test_it_skips_no_text_that_holds_personal_data():
    chance = random.Random(5)
    pieces = [
        "010-1234-5678",
        "공일공 일이삼사 오육칠팔",
        "a@b.co",
        "골뱅이 ",
        "me(at)x.org",
        "이",
        "구 역삼동 12",
        "시\n",
    ]
    pieces += [
        "１２３",
        "12",
        "345-6789",
        "900101-1234567",
        "배송",
        "order ",
        " ",
        "도 가나로3",
        "\n",
        "٠١٢٣٤٥٦",
    ]
    for _ in range(3000):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 5)))

        # with an @ on a line of its own behind it no text is skipped
        assert find(text) == find(f"{text}\n\n\n@"), text


def test_texts_that_are_looked_through_together_stay_apart():
    letters = letters_of_texts(pa.array(["불이", "안 보이는", "났어요", ""]))

    text, begins = letters.together(np.array([0, 2, 3]))

    assert text == "불이\0났어요\0\0"
    assert begins.tolist() == [0, 3, 7]

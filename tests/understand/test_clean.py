"""Cleaning takes out what nobody wrote, and nothing else."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sori.understand.clean import clean, make_clean


def test_it_takes_out_nul_controls_direction_marks_and_halves_of_characters():
    assert clean("안\x00녕\x1b하\u202e세\u200b요\ud83d\ufeff") == "안녕하세요"


def test_it_keeps_line_breaks_emoji_families_and_width():
    text = "첫 줄\r\n둘째\t줄 👨‍👩‍👧 ＡＢＣ ㅋㅋㅋㅋㅋ"

    assert clean(text) == text


@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=6))
def test_it_cleans_a_column_as_it_cleans_a_text(texts):
    plain = [None if t is None else t.encode("utf-8", "ignore").decode() for t in texts]
    batch = pa.record_batch({"text": pa.array(plain, pa.string())})

    done = make_clean()(batch).column("text").to_pylist()

    assert done == [None if text is None else clean(text) for text in plain]


def test_it_cleans_twice_as_once():
    text = "a\u200b\u0000b\u202ac"

    assert clean(clean(text)) == clean(text)

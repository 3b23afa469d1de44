"""What travels with a mention is masked like its text, and leads where it led before."""

import json

import pyarrow as pa

from sori.understand.privacy import make_privacy

RESIDENT = "900101-1234567"


def masked(**columns: list[str | None]) -> dict[str, list[str | None]]:
    texts = {"text": ["안녕하세요"] * len(next(iter(columns.values())))}
    batch = pa.RecordBatch.from_pydict(texts | columns)
    done: dict[str, list[str | None]] = make_privacy()(batch).to_pydict()
    return done


def test_it_masks_the_other_columns_of_a_spreadsheet():
    (extra,) = masked(extra=[json.dumps({"비고": f"주민번호 {RESIDENT}", "지점": "부산"})])["extra"]

    assert extra
    assert "1234567" not in extra
    assert json.loads(extra)["지점"] == "부산"


def test_it_masks_the_subject_an_answer_would_carry():
    address = {"to": "kim@example.com", "subject": f"{RESIDENT} 문의"}

    (done,) = masked(reply_address=[json.dumps(address)])["reply_address"]

    assert done
    assert "1234567" not in done
    assert json.loads(done)["to"] == "kim@example.com"


def test_it_leaves_the_names_that_machines_gave():
    told = {
        "message_id": "<9001011234567.4111111111111111@mail.example>",
        "references": ["<900101-1234567@mail.example>"],
        "uid": 9001011234567,
    }

    (done,) = masked(extra=[json.dumps(told)])["extra"]

    assert done
    assert json.loads(done) == told


def test_it_masks_what_is_no_json_after_all():
    (done,) = masked(extra=[f"그냥 글 {RESIDENT}"])["extra"]

    assert done
    assert "1234567" not in done


def test_it_keeps_nulls_and_rows_in_place():
    clean = json.dumps({"지점": "부산"})

    done = masked(extra=[None, clean, json.dumps({"n": RESIDENT})])["extra"]

    assert done[0] is None
    assert done[1] == clean
    assert done[2] is not None
    assert "1234567" not in done[2]

"""A company's own heads learn its slang, leave the rest alone, and prove that they are better."""

import random
from collections import Counter

import pyarrow as pa
import pytest

from company_talk import heard, labels, plain, slang
from sori.mention import KINDS
from sori.understand.company import read
from sori.understand.evidence import sign_test
from sori.understand.labels import table
from sori.understand.pipeline import Knowledge, make_pipeline, model_name
from sori.understand.teaching import FEWEST, Judged, teach


def judged(texts: list[str], **values) -> Judged:
    count = len(texts)
    return Judged(heard(texts), labels(count, **values), [False] * count, [True] * count)


def kinds(voices: pa.RecordBatch, own: bytes | None = None) -> list[str | None]:
    return make_pipeline(Knowledge(own=own))(voices).column("kind").to_pylist()


@pytest.fixture(scope="module")
def taught():
    """Every second message about the rainbow was corrected."""
    return teach(judged(slang(320)[::2], kind="complaint"), heard(plain(800)[::2]), name="own-1")


def test_it_learns_what_no_shipped_model_can_know(taught):
    others = heard(slang(320)[1::2])

    assert Counter(kinds(others))["complaint"] < 0.7 * others.num_rows
    assert Counter(kinds(others, taught.company))["complaint"] > 0.97 * others.num_rows


def test_it_leaves_alone_what_has_nothing_to_do_with_it(taught):
    others = heard(plain(800)[1::2])
    before, after = kinds(others), kinds(others, taught.company)
    said = [(one, other) for one, other in zip(before, after, strict=True) if one is not None]

    assert sum(one != other for one, other in said) < 0.08 * len(said)


def test_it_tells_what_it_found_on_what_it_had_not_seen(taught):
    kind = taught.outcomes["kind"]

    assert (kind.verdict, kind.judged, kind.unjudged) == ("better", 160, 400)
    assert kind.after > 150 > kind.before
    assert kind.gained > kind.lost
    assert kind.chance < 0.001
    assert 0 < kind.moved < 0.1 * kind.unjudged
    assert kind.voices > kind.judged


def test_it_changes_nothing_where_nobody_judged(taught):
    assert taught.outcomes["sentiment"].verdict == "too_few"
    assert set(read(taught.company).places) == {"kind"}
    voices = heard(slang(100))
    own = Knowledge(own=taught.company)
    shipped, ours = make_pipeline()(voices), make_pipeline(own)(voices)
    for name in ("sentiment", "sentiment_confidence", "urgency", "answer", "lang"):
        assert shipped.column(name).equals(ours.column(name))


def test_it_says_so_when_there_are_too_few():
    few = teach(judged(slang(FEWEST - 1), kind="complaint"), heard(plain(400)), name="own-1")

    assert few.company == b""
    assert (few.outcomes["kind"].verdict, few.outcomes["kind"].judged) == ("too_few", FEWEST - 1)


def test_it_needs_voices_that_nobody_corrected():
    alone = teach(judged(slang(160), kind="complaint"), heard([]), name="own-1")

    assert alone.outcomes["kind"].verdict == "too_few"


def test_it_does_not_switch_on_what_contradicts_itself():
    texts = slang(200)
    dice = random.Random(3)
    values = [{"kind": dice.choice(KINDS)} for _ in texts]
    nonsense = Judged(heard(texts), values, [True] * 200, [True] * 200)

    found = teach(nonsense, heard(plain(400)), name="own-1")

    assert found.outcomes["kind"].verdict == "not_better"
    assert found.company == b""


def test_it_does_not_switch_on_what_only_turns_right_into_wrong():
    """Somebody calls what the model has right wrong, in words that everybody uses."""
    texts = plain(400)[::4]
    wrong = Judged(heard(texts), labels(100, kind="idea"), [False] * 100, [True] * 100)

    found = teach(wrong, heard(plain(400)), name="own-1")

    assert found.outcomes["kind"].verdict == "not_better"


def test_it_keeps_what_is_in_use_when_that_does_better(taught):
    """New judgements that contradict the old ones make new heads worse than those in use."""
    texts = slang(320)
    unseen = [number % 8 == 0 for number in range(320)]
    values = [{"kind": "complaint" if new else "praise"} for new in unseen]
    mixed = Judged(heard(texts), values, [False] * 320, unseen)

    found = teach(mixed, heard(plain(400)), name="own-2", in_use=taught.company)

    assert found.outcomes["kind"].verdict == "worse_than_now"
    assert found.company == b""
    assert teach(mixed, heard(plain(400)), name="own-2").outcomes["kind"].verdict == "better"


def test_it_leaves_out_what_the_model_cannot_read():
    """Japanese: the shipped model says nothing, and nobody can teach it by corrections."""
    texts = ["配送がとても遅いです"] * 40
    foreign = pa.record_batch(
        {"title": pa.nulls(40, pa.string()), "text": texts, "lang": ["ja"] * 40}
    )
    found = teach(
        Judged(foreign, labels(40, kind="complaint"), [False] * 40, [True] * 40),
        heard(plain(400)),
        name="own-1",
    )

    assert found.outcomes["kind"].judged == 0


def test_it_learns_every_head_the_same_way():
    texts = slang(200)
    values = labels(200, kind="complaint", also=["idea"], urgency=2, answer=True, abuse=False)
    found = teach(
        Judged(heard(texts), values, [False] * 200, [True] * 200), heard(plain(400)), name="own-1"
    )

    better = {head for head, one in found.outcomes.items() if one.verdict == "better"}
    assert {"kind", "urgency", "also_idea"} <= better
    rows = make_pipeline(Knowledge(own=found.company))(heard(slang(40, 250))).to_pylist()
    assert sum(row["kind"] == "complaint" for row in rows) > 0.9 * len(rows)
    assert sum(row["urgency"] == 2 for row in rows) > 0.7 * len(rows)
    assert sum("idea" in (row["also"] or ()) for row in rows) > len(rows) / 3


def test_the_same_lessons_teach_the_same():
    lessons = judged(slang(80), kind="complaint")
    one, other = (teach(lessons, heard(plain(200)), name="own-1") for _ in range(2))

    assert one.company == other.company
    assert one.outcomes == other.outcomes


def test_it_tells_how_far_it_is():
    told: list[float] = []
    teach(judged(slang(40), kind="complaint"), heard(plain(100)), name="x", progress=told.append)

    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_model_names_the_version_that_spoke(taught):
    (row,) = make_pipeline(Knowledge(own=taught.company))(heard(["네"])).to_pylist()

    assert row["model"] == f"{table().card['name']}+own-1"
    assert model_name(taught.company) == row["model"]


def test_heads_learned_on_another_model_are_not_asked(taught):
    stranger = read(taught.company)
    stranger = type(stranger)("own-9", "labels-0", stranger.places, stranger.table).written()
    voices = heard(slang(40))

    assert kinds(voices, stranger) == kinds(voices)
    assert model_name(stranger) == table().card["name"]


def test_its_bytes_hold_no_word_of_a_single_message(taught):
    """A feature of one text only is not kept."""
    secret = "qzxv비밀번호는구름빵"
    some = teach(judged([*slang(80), secret], kind="complaint"), heard(plain(200)), name="own-1")
    from sori.understand.letters import letters_of_texts
    from sori.understand.sparse import features_of

    known = set(read(some.company).table.checks.tolist())
    found = features_of(letters_of_texts(pa.array([secret]))).keys
    assert len(known & set(found.tolist())) < 0.2 * len(found)


def test_the_test_is_the_exact_binomial():
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 0) == pytest.approx(1 / 32)
    assert sign_test(8, 2) == pytest.approx(56 / 1024)
    assert sign_test(3000, 2500) < 1e-10

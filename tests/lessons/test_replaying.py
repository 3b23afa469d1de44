"""The lake is understood again in place: once, with people's word on top, and the desk follows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

import sori.replaying as replaying
from desk import batch, letter, post, say, source
from sori.journal.models import Event
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.lessons import services
from sori.lessons.models import Replay
from sori.mention import SCHEMA
from sori.respond.models import Case, Message
from sori.staff.models import Member
from sori.understand.pipeline import make_pipeline
from together import at_once

pytestmark = pytest.mark.django_db

TODAY = datetime.now(UTC).date()
ANGRY = "완전 실망했습니다. 앱이 자꾸 꺼져요. 최악이에요"


def rows(lake: Lake, columns: str = "*") -> list[dict[str, Any]]:
    return Reader(lake).table(f"select {columns} from mentions order by id").to_pylist()


def replay(**asked: Any) -> Replay:
    return replaying.run(replaying.begin(since=date(2000, 1, 1), until=TODAY, **asked))


@pytest.mark.slow
def test_it_rewrites_what_an_older_model_had_said(lake: Lake) -> None:
    place = source()
    say(lake, letter(place, ANGRY, kind="praise", sentiment="positive"))
    version = lake.version()

    done = replay()

    (row,) = rows(lake)
    assert (row["kind"], row["sentiment"]) == ("complaint", "negative")
    assert row["model"].startswith("labels-")
    assert list(lake.since(version)) == [], "a rewrite is nothing new"
    assert (done.rows, done.tally) == (1, {"praise>complaint": 1})
    assert Event.objects.get(kind="lake.understood_again").data["rows"] == 1


def test_it_does_a_day_once_and_goes_on_where_it_was_broken_off(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = source()
    for back in range(4):
        said = datetime.now(UTC) - timedelta(days=back)
        say(lake, post(place, "앱이 꺼져요", published_at=said, heard_at=said))
    done: list[int] = []

    def dying(*, own: Any = None) -> Any:
        step = make_pipeline()

        def once(mentions: pa.RecordBatch) -> pa.RecordBatch:
            done.append(mentions.num_rows)
            if len(done) == 3:
                raise KeyboardInterrupt
            return step(mentions)

        return once

    monkeypatch.setattr(replaying, "make_pipeline", lambda knows: dying(own=knows))
    with pytest.raises(KeyboardInterrupt):
        replay()
    assert Replay.objects.get().finished_at is None

    finished = replay()

    assert Replay.objects.count() == 1
    assert (finished.rows, sum(finished.tally.values()), len(done)) == (4, 4, 5)
    assert replay().pk != finished.pk, "asked again when it is done, it is a new one"


@pytest.mark.django_db(transaction=True)
def test_those_who_begin_it_at_once_do_it_together(lake: Lake) -> None:
    asked = {"since": date(2000, 1, 1), "until": TODAY, "source": None}
    begun: list[int] = []

    at_once(8, lambda: begun.append(replaying.begin(**asked).pk))

    assert len(begun) == 8
    assert set(begun) == {Replay.objects.get().pk}


def test_what_was_done_but_not_written_down_is_counted_from_the_log(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(lake, letter(source(), ANGRY, kind="praise"))

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(replaying, "_write_down", dies)
        with pytest.raises(KeyboardInterrupt):
            replay()
    files = lake.files()

    finished = replay()

    assert lake.files() == files, "the day was not done again"
    assert (finished.rows, finished.tally) == (1, {"praise>complaint": 1})


def test_a_person_wins_over_every_model(lake: Lake, agent: Member) -> None:
    place = source()
    say(lake, letter(place, "최악의 서비스", title=None, kind="question", urgency=1, queries=[7]))
    mention = rows(lake)[0]["id"]
    services.correct(mention=mention, label="kind", value="idea", member=agent)
    services.correct(mention=mention, label="urgency", value=0, member=agent)

    replay()

    (row,) = rows(lake)
    assert (row["kind"], row["kind_confidence"], row["urgency"]) == ("idea", 1.0, 0)
    assert row["sentiment"] == "negative"
    assert row["queries"] == [7]
    assert "idea" not in row["also"]
    assert row["urgency_reason"] is None
    assert [unit["kind"] for unit in row["units"]] == ["idea"]
    case, message = Case.objects.get(), Message.objects.get()
    assert (case.kind, case.urgency, case.sentiment) == ("idea", 0, "negative")
    assert (message.kind, message.sentiment) == ("idea", "negative")


def test_the_desk_reads_the_labels_again(lake: Lake) -> None:
    place = source()
    say(lake, letter(place, ANGRY, kind="praise", sentiment="positive", urgency=0))
    touched = Case.objects.get().updated_at

    replay()

    case = Case.objects.get()
    assert (case.kind, case.sentiment) == ("complaint", "negative")
    assert ["complaint", 10] in case.priority_reasons
    assert case.updated_at == touched, "nobody spoke"


def test_it_touches_one_source_only_when_asked(lake: Lake) -> None:
    mine, other = source(), source()
    said = {"kind": "praise", "text": ANGRY}
    say(lake, letter(mine, **said), letter(mine, **said))
    say(lake, letter(other, **said))
    lake.compact(TODAY)

    done = replay(source=mine.pk)

    kinds = {(row["source"], row["kind"]) for row in rows(lake, "source, kind, id")}
    assert kinds == {(mine.pk, "complaint"), (other.pk, "praise")}
    assert done.rows == 2


def test_masked_stays_masked(lake: Lake) -> None:
    place = source()
    said = batch(letter(place, "제 주민번호는 900101-1234567 이고 번호는 010-1234-5678 입니다"))
    lake.append(make_pipeline()(said), source=place.pk, sequence=1)
    (before,) = rows(lake)
    assert before["masked"] == ["phone", "resident_number"]

    replay()
    replay()

    (after,) = rows(lake)
    assert after == before


def test_it_keeps_the_theme_a_voice_was_given(lake: Lake) -> None:
    place = source()
    said = batch(letter(place, ANGRY))
    field = SCHEMA.field("theme")
    column = pa.array([12], field.type)
    said = said.set_column(said.schema.get_field_index("theme"), field, column)
    lake.append(said, source=place.pk, sequence=1)

    replay()

    (row,) = rows(lake)
    assert (row["theme"], row["kind"]) == (12, "complaint")


def test_it_finds_nothing_to_do_in_an_empty_lake(lake: Lake) -> None:
    done = replay()
    assert done.finished_at is not None
    assert done.rows == 0

"""Runs find themes, keep their numbers, let people's words win, and count people, not copies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from crowd import ALONE, LOGIN, PARCEL, days_ago, say, say_all, voice
from sori.change import rounds, runs, selectors
from sori.change.models import Correction, Theme, ThemeChange, ThemeDay, ThemeRun
from sori.journal.models import Event
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.staff.models import Member

pytestmark = pytest.mark.django_db
Weigh = Callable[[], ThemeRun]
Named = Callable[[str], Theme]


def test_it_finds_what_many_say_in_other_words(lake: Lake, weigh: Weigh, named: Named):
    say_all(lake, *LOGIN, *PARCEL, *ALONE)

    run = weigh()

    assert (run.voices, run.read, run.compared) == (12, 12, 12)
    assert {theme.name.split()[0] for theme in Theme.objects.all()} == {"로그인", "배송"}
    login = named("로그인")
    assert (login.voices, login.people, login.state) == (5, 5, "active")
    assert login.central in LOGIN
    assert login.central_public
    assert Event.objects.get(kind="themes.weighed").data == {"themes": 2, "changes": 2}


def test_it_counts_what_one_author_repeats_once(lake: Lake, weigh: Weigh, named: Named):
    say_all(lake, *LOGIN)
    say_all(lake, *[LOGIN[0]] * 6, author_id="loud")

    weigh()

    login = named("로그인")
    assert (login.voices, login.people) == (6, 6)


def test_it_counts_by_day_kind_and_channel(lake: Lake, weigh: Weigh, named: Named):
    say_all(lake, *LOGIN, kind="complaint")
    say_all(lake, LOGIN[1], kind="question", channel="mail", published_at=days_ago(3))

    weigh()

    days = ThemeDay.objects.filter(theme=named("로그인")).order_by("day")
    assert [day.counts for day in days] == [
        {"question": {"mail": 1}},
        {"complaint": {"blog": 5}},
    ]
    assert (days[1].day - days[0].day).days in (3, 4)


def test_it_keeps_number_and_first_day_of_a_theme_from_run_to_run(
    lake: Lake, weigh: Weigh, named: Named
):
    say_all(lake, *LOGIN, published_at=days_ago(13))
    weigh()
    before = named("로그인")
    say_all(lake, *PARCEL * 3, *LOGIN)

    weigh()

    after = named("로그인")
    assert (after.pk, after.first_seen) == (before.pk, before.first_seen)
    assert after.voices == 10
    assert after.last_seen > before.last_seen
    assert [change.what for change in ThemeChange.objects.filter(theme=named("배송"))] == ["new"]


def test_it_says_when_a_theme_is_gone_and_when_it_is_back(lake: Lake, weigh: Weigh, named: Named):
    say_all(lake, *LOGIN, *PARCEL)
    weigh()
    number = named("로그인").pk
    lake.forget(ids=lake_ids(lake, "로그인"))
    weigh()
    gone = Theme.objects.get(pk=number)
    assert (gone.state, gone.voices, gone.central) == ("gone", 0, "")
    weigh()
    say_all(lake, *LOGIN)

    weigh()

    assert Theme.objects.get(pk=number).state == "active"
    told = ThemeChange.objects.filter(theme=number).order_by("pk")
    assert [change.what for change in told] == ["new", "gone", "back"]


def lake_ids(lake: Lake, word: str) -> list[str]:
    rows = Reader(lake).table("select id from mentions where contains(text, $word)", word=word)
    return [str(key) for key in rows.column("id").to_pylist()]


def test_it_shows_nobody_a_private_sentence_where_a_public_one_says_the_same(
    lake: Lake, weigh: Weigh, named: Named
):
    say_all(lake, *[f"{text} 010-1234-5678" for text in LOGIN], public=False)
    say_all(lake, "오늘도 로그인이 안 돼요 진짜")
    weigh()
    assert named("로그인").central == "오늘도 로그인이 안 돼요 진짜"

    lake.forget(ids=lake_ids(lake, "오늘도"))
    weigh()

    private = named("로그인")
    assert not private.central_public
    assert "1234" not in private.central


def test_it_lets_the_name_win_that_people_gave(lake: Lake, weigh: Weigh, named: Named):
    say_all(lake, *LOGIN)
    weigh()
    Theme.objects.update(name="앱이 안 열림", named=True)
    say_all(lake, *LOGIN, *PARCEL)

    weigh()

    assert named("앱이 안 열림").voices == 10


def test_it_lets_what_people_said_of_a_voice_win(lake: Lake, weigh: Weigh, named: Named):
    first, *_ = say_all(lake, *LOGIN, *PARCEL)
    (stranger,) = say(lake, voice(ALONE[0]))
    weigh()
    member = Member.objects.create_user("s@sori.example", name="S")
    login, parcel = named("로그인"), named("배송")
    said = {"member": member, "at": timezone.now()}
    Correction.objects.create(mention=first, theme=login, belongs=False, **said)
    Correction.objects.create(mention=stranger, theme=parcel, belongs=True, **said)

    weigh()

    assert (named("로그인").voices, named("배송").voices) == (4, 5)
    members = selectors.members().select(["id", "theme"])
    where = dict(zip(*members.to_pydict().values(), strict=True))
    assert (where[first], where[stranger]) == (None, parcel.pk)


def test_it_keeps_a_theme_that_only_people_hear(lake: Lake, weigh: Weigh, named: Named):
    say_all(lake, *LOGIN, *PARCEL)
    weigh()
    login = named("로그인")
    lake.forget(ids=lake_ids(lake, "로그인"))
    (stranger,) = say(lake, voice(ALONE[0]))
    member = Member.objects.create_user("s@sori.example", name="S")
    Correction.objects.create(
        mention=stranger, theme=login, belongs=True, member=member, at=timezone.now()
    )

    weigh()

    kept = Theme.objects.get(pk=login.pk)
    assert (kept.name, kept.voices, kept.state) == (login.name, 1, "active")


def test_it_goes_on_when_people_took_every_voice_out(lake: Lake, weigh: Weigh):
    ids = say_all(lake, *LOGIN)
    weigh()
    member = Member.objects.create_user("s@sori.example", name="S")
    said = {"member": member, "at": timezone.now(), "belongs": False}
    login = Theme.objects.get()
    Correction.objects.bulk_create(
        Correction(mention=mention, theme=login, **said) for mention in ids
    )

    weigh()
    weigh()

    assert Theme.objects.get().state == "gone"


def test_it_counts_the_people_of_merged_themes_together(lake: Lake, weigh: Weigh, named: Named):
    say_all(lake, *LOGIN, *PARCEL)
    say_all(lake, LOGIN[0], PARCEL[0], author_id="both")
    weigh()
    login, parcel = named("로그인"), named("배송")
    Theme.objects.filter(pk=parcel.pk).update(merged_into=login)

    weigh()

    assert (named("로그인").voices, named("배송").voices) == (6, 5)
    assert named("로그인").people == 10


def test_it_keeps_what_every_worker_needs_with_the_newest_run_alone(lake: Lake, weigh: Weigh):
    say_all(lake, *LOGIN, *PARCEL)
    weigh()
    weigh()

    old, new = ThemeRun.objects.order_by("pk")
    assert (bytes(old.centres), bytes(old.members)) == (b"", b"")
    assert new.centres
    centres = selectors.active_centres()
    assert centres
    assert sorted(centres.numbers.tolist()) == [1, 2]
    assert selectors.members().num_rows == 9


def test_it_looks_when_there_was_none_then_when_there_is_news(lake: Lake):
    say_all(lake, *LOGIN)
    reader = Reader(lake)

    assert runs.weigh(reader) == 1
    assert runs.weigh(reader) == 0, "not due"
    due()
    assert runs.weigh(reader) == 0, "nothing new"
    say_all(lake, *PARCEL, heard_at=timezone.now())
    due()
    assert runs.weigh(reader) == 0, "a little that is new can wait"
    ThemeRun.objects.update(at=timezone.now() - runs.EVERY)
    due()
    assert runs.weigh(reader) == 1
    assert ThemeRun.objects.count() == 2


def test_it_looks_soon_after_a_person_corrected_something(lake: Lake, named: Named):
    say_all(lake, *LOGIN)
    reader = Reader(lake)
    runs.weigh(reader)
    first = lake_ids(lake, "아침부터")[0]
    member = Member.objects.create_user("s@sori.example", name="S")
    Correction.objects.create(
        mention=first, theme=named("로그인"), belongs=False, member=member, at=timezone.now()
    )
    rounds.ask(runs.ROUND, within=timedelta(0))

    assert runs.weigh(reader) == 1
    assert named("로그인").voices == 4


def due() -> None:
    rounds.Round.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def test_it_finds_nothing_in_an_empty_lake(lake: Lake):
    assert runs.weigh(Reader(lake)) == 1
    assert ThemeRun.objects.get().voices == 0
    assert selectors.active_centres() is None


@pytest.mark.parametrize("text", ["", "😀😀", "\0", "가" * 5000, "<script>alert(1)</script>"])
def test_it_takes_whatever_people_write(lake: Lake, weigh: Weigh, text: str):
    say_all(lake, *[text] * 4, title=text)

    assert weigh().voices == 4


def test_it_comes_round_in_time_and_sooner_when_asked(home: object):
    with rounds.turn("x", again=timedelta(0)) as turn:
        assert turn
        turn.end(timezone.now() + timedelta(hours=1))
    with rounds.turn("x", again=timedelta(0)) as turn:
        assert turn is None, "not due"
    rounds.ask("x", within=timedelta(minutes=-1))
    with rounds.turn("x", again=timedelta(0)) as turn:
        assert turn
        rounds.ask("x", within=timedelta(minutes=5))
        turn.end(timezone.now() + timedelta(hours=1))

    row = rounds.Round.objects.get(name="x")
    assert row.due_at
    assert row.due_at <= timezone.now(), "asked for while it was at work"


def test_it_gives_a_round_back_when_its_work_fails(home: object):
    with pytest.raises(ZeroDivisionError), rounds.turn("x", again=timedelta(hours=1)):
        raise ZeroDivisionError

    row = rounds.Round.objects.get(name="x")
    assert row.lease_until is None
    assert row.due_at
    assert row.due_at > timezone.now()

"""The orphan check over a whole lake."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from desk import batch, letter, member, only_case, opened, post, say, source
from sori.change.models import Correction, Theme
from sori.change.signing import sign, take_back
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.people.tombstones import bury
from sori.respond.models import Bookmark, Case, Clock, Message, Passage, Promise
from sori.respond.receiving import receive
from sori.respond.services import decide_no_answer, remember_answer, reopen, resolve
from sori.tracing import checking
from sori.tracing.checking import check
from sori.tracing.ending import End, Why, end_of
from sori.tracing.facts import company, gather
from traced import end, ends, fill, idea

pytestmark = pytest.mark.django_db

MANY = 10_000


def answered(asked: Message) -> None:
    remember_answer(answers=asked.pk, member=member(), body="확인했습니다.", at=timezone.now())


def test_it_finds_every_orphan_among_ten_thousand_and_no_other(lake: Lake) -> None:
    fill(lake, MANY)
    reader = Reader(lake)
    began = time.process_time()
    found = check(lake, reader)
    assert time.process_time() - began < 10
    assert (found.mentions, found.orphans, found.whole) == (MANY, 0, True)
    assert found.states[End.OPEN] == found.states[End.UNSORTED] * 2 == 4_000

    messages = list(Message.objects.order_by("pk")[:3])
    Passage.objects.filter(message=messages[0]).delete()
    messages[0].delete()
    behind = Case.objects.filter(conversations__messages__in=messages[1:])
    behind.update(status=Case.Status.RESOLVED)
    broken = check(lake, reader)
    assert broken.mentions == MANY
    closed = set(
        Message.objects.filter(conversation__case__in=behind).values_list("mention", flat=True)
    )
    assert {one.mention: one.why for one in broken.lost} == (
        {str(one): Why.CLOSED for one in closed} | {str(messages[0].mention): Why.NO_CASE}
    )


def test_it_asks_as_many_questions_for_many_as_for_few(
    lake: Lake, reader: Reader, django_assert_max_num_queries: Any
) -> None:
    fill(lake, 300)
    with django_assert_max_num_queries(24):
        check(lake, reader)


def test_it_reads_page_by_page(lake: Lake, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(lake, 100)
    whole = check(lake, reader)
    monkeypatch.setattr(checking, "PAGE", 7)
    told: list[int] = []
    assert check(lake, reader, told=told.append).states == whole.states
    assert sum(told) == 100


def test_it_looks_at_the_newest_days_only_where_it_is_told_to(lake: Lake, reader: Reader) -> None:
    fill(lake, 2_000)
    found = check(lake, reader, most=1)
    days = reader.sizes()
    assert (found.mentions, found.whole) == (next(iter(days.values())), len(days) == 1)


def test_it_follows_a_letter_to_its_answer(lake: Lake) -> None:
    asked = opened(lake)
    assert end(lake) == End.OPEN
    answered(asked)
    resolve(case=only_case().pk, member=member())
    assert end(lake) == End.ANSWERED


def test_it_counts_what_was_said_after_the_answer_anew(lake: Lake) -> None:
    place = source()
    say(lake, letter(place, external_id="first"))
    answered(Message.objects.get())
    later = timezone.now() + timedelta(minutes=1)
    again = letter(
        place, external_id="again", thread_id="first", published_at=later, heard_at=later
    )
    say(lake, again)
    assert ends(lake) == {"first": End.ANSWERED, "again": End.OPEN}


def test_it_sees_a_promise_and_that_it_was_broken(lake: Lake) -> None:
    asked = opened(lake)
    writer, now = member(), timezone.now()
    said = Message.objects.create(
        conversation=asked.conversation,
        direction="out",
        state="sent",
        member=writer,
        body="확인하고 있어요.",
        at=now,
        sent_at=now,
        answers=asked,
    )
    clock = Clock.objects.create(
        case=only_case(),
        kind="promise",
        started_at=now,
        soon_at=now,
        due_at=now,
        limit_at=now,
    )
    Promise.objects.create(
        case=only_case(), member=writer, message=said, clock=clock, text="", due_at=now
    )
    assert end(lake) == End.PROMISED
    Case.objects.update(status=Case.Status.RESOLVED)
    assert [one.why for one in check(lake, Reader(lake)).lost] == [Why.BROKEN]


def test_it_takes_a_signature_for_an_end_until_the_case_is_opened_again(lake: Lake) -> None:
    opened(lake)
    case, who = only_case().pk, member()
    decide_no_answer(case=case, member=who, reason="nothing_to_add")
    assert end(lake) == End.DECLINED
    reopen(case=case, member=who)
    assert end(lake) == End.OPEN


def test_it_calls_an_old_letter_settled_without_an_answer(lake: Lake) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    opened(lake, published_at=long_ago)
    assert end(lake) == End.OPEN
    resolve(case=only_case().pk, member=member())
    assert end(lake) == End.SETTLED


def test_it_knows_what_the_desk_has_not_looked_at(lake: Lake) -> None:
    opened(lake)
    place = source()
    lake.append(batch(letter(place, external_id="new")), source=place.pk, sequence=1)
    assert ends(lake)["new"] == End.ARRIVING
    receive(lake)
    assert ends(lake)["new"] == End.OPEN


def test_it_does_not_lose_what_was_heard_in_time_and_looked_at_late(lake: Lake) -> None:
    heard = timezone.now() - timedelta(days=9)
    place = source()
    say(lake, post(place, urgency=2, published_at=heard - timedelta(hours=1), heard_at=heard))
    assert end(lake) == End.OPEN


def test_it_does_not_call_lost_whose_author_is_being_forgotten(lake: Lake) -> None:
    bury([("email", "kim@customer.example")])
    say(lake, letter(source()))
    assert Message.objects.count() == 0
    assert end(lake) == End.FORGOTTEN


def test_it_lets_a_person_sort_an_idea_and_take_that_back(lake: Lake) -> None:
    mention, who = idea(lake), member()
    assert end(lake) == End.UNSORTED
    sign(mention=mention, member=who, verdict="kept", why="다음 개편 때 다시 봐요")
    assert end(lake) == End.KEPT
    sign(mention=mention, member=who, verdict="declined", why="법으로 안 돼요")
    assert end(lake) == End.DECLINED
    assert take_back(mention=mention, member=who)
    assert not take_back(mention=mention, member=who)
    assert end(lake) == End.UNSORTED


def test_it_calls_an_idea_lost_that_nobody_sorted_for_a_month(lake: Lake, reader: Reader) -> None:
    long_ago = timezone.now() - timedelta(days=31)
    mention = idea(lake, published_at=long_ago, heard_at=long_ago)
    assert check(lake, reader).lost == [(mention, Why.UNSORTED)]


def test_it_follows_an_idea_through_its_theme_and_out_of_it(lake: Lake) -> None:
    now = timezone.now()
    root, merged = (
        Theme.objects.create(number=number, name="야간 상담", first_seen=now, last_seen=now)
        for number in (4, 5)
    )
    merged.merged_into = root
    merged.save()
    mention, who = idea(lake, theme=5), member()
    assert end(lake) == End.THEME
    away = Correction.objects.create(mention=mention, theme=root, belongs=False, member=who, at=now)
    assert end(lake) == End.UNSORTED
    away.undone_at = now
    away.save()
    assert end(lake) == End.THEME


def test_it_does_not_take_a_theme_for_an_end_that_is_not_here(lake: Lake) -> None:
    idea(lake, theme=99)
    assert end(lake) == End.UNSORTED


def test_it_says_nothing_of_an_empty_lake(lake: Lake, reader: Reader) -> None:
    Bookmark.objects.all().delete()
    found = check(lake, reader)
    assert (found.mentions, found.orphans, found.whole) == (0, 0, True)


def test_it_does_not_call_lost_what_arrives_while_it_counts(lake: Lake, reader: Reader) -> None:
    opened(lake)
    place = source()
    here = company(lake)
    lake.append(batch(letter(place)), source=place.pk, sequence=1)
    rows = [row for some in checking.pages(reader, "2000-01-01", "2100-01-01") for row in some]
    ends_ = [end_of(facts) for facts in gather(rows, here).values()]
    assert sorted(ends_) == [End.ARRIVING, End.OPEN]
    receive(lake)
    assert {end_of(facts) for facts in gather(rows, here).values()} == {End.OPEN}

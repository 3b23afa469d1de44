"""Whom, where, why not, how fast, and when not: decided without looking anything up."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sori.change.loops.deciding import (
    ANSWERABLE,
    MAIL,
    REASONS,
    THREAD,
    Said,
    Somebody,
    awake,
    room,
    together,
    way,
)

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
MOMENTS = st.integers(-5000, 5000).map(lambda minutes: NOW + timedelta(minutes=minutes))
THINGS = st.builds(
    Said,
    mention=st.text("abc", min_size=1, max_size=6),
    key=st.tuples(st.sampled_from(["chat", "email"]), st.sampled_from("abcd")),
    source=st.integers(1, 3),
    channel=st.just("chat"),
    at=MOMENTS,
    mode=st.sampled_from(["none", "link", "public", "private"]),
    until=st.none() | MOMENTS,
    language=st.just("ko"),
    message=st.just(None),
)
PEOPLE = st.builds(
    Somebody,
    number=st.just(1),
    mails=st.sampled_from([(), ("a@x.kr",), ("a@x.kr", "b@x.kr")]),
    doubtful=st.booleans(),
    objects=st.booleans(),
    consent=st.none() | st.booleans(),
    forgotten=st.booleans(),
)


@settings(max_examples=50, deadline=None)
@given(PEOPLE, st.lists(THINGS, min_size=1, max_size=6), st.sets(st.integers(1, 3)), st.booleans())
def test_everybody_has_one_way_or_one_reason(who, said, speaking, mailing):
    found = way(who, said, speaking=speaking, mailing=mailing, now=NOW)

    assert bool(found.via) != bool(found.why)
    assert found.said in said
    if who.objects or who.forgotten or who.consent is False:
        assert found.why in REASONS
        return
    can = [
        one
        for one in said
        if one.mode in ANSWERABLE and one.source in speaking and (not one.until or one.until > NOW)
    ]
    if can:
        assert found.via == THREAD
        assert found.said.at == max(one.at for one in can)
    elif who.mails and mailing:
        assert (found.via, found.mail) == (MAIL, who.mails[0])
    else:
        assert found.why in REASONS


@settings(max_examples=50, deadline=None)
@given(st.lists(THINGS, max_size=12), st.dictionaries(THINGS.map(lambda one: one.key), st.just(7)))
def test_each_thing_belongs_to_one_person_and_each_account_too(said, standing):
    groups = together(said, standing)

    assert sorted(map(repr, (one for group in groups for one in group))) == sorted(map(repr, said))
    accounts = [{one.key for one in group} for group in groups]
    assert sum(map(len, accounts)) == len(set().union(*accounts)) if accounts else True
    assert sum(1 for group in accounts if group & standing.keys()) <= 1


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 600), st.integers(0, 10_000))
def test_a_channel_never_gets_more_than_its_pace_allows(per_minute, seconds):
    last = NOW - timedelta(seconds=seconds)
    found = room(per_minute, last=last, now=NOW)
    assert found <= seconds * per_minute / 60
    assert found <= max(1, per_minute / 12)
    assert room(per_minute, last=NOW - timedelta(minutes=1), now=NOW) >= 1


@pytest.mark.parametrize(
    ("hour", "since", "until", "ends"),
    [(22, 21, 8, 32), (7, 21, 8, 8), (8, 21, 8, 8), (13, 12, 14, 14), (3, 5, 5, 3)],
)
def test_the_night_ends_in_the_morning(hour, since, until, ends):
    midnight = datetime(2026, 11, 28, tzinfo=SEOUL)
    at = midnight + timedelta(hours=hour)
    found = awake(at, zone=SEOUL, since=since * 60, until=until * 60)
    assert found == midnight + timedelta(hours=ends)

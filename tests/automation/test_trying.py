"""Trying a rule on the last month: the same as it would have done, and nothing is written."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import letter, member, opened, say, signed_in, source
from sori.automation import trying
from sori.automation.choices import Choices
from sori.automation.editing import script
from sori.automation.models import RuleRun
from sori.lessons.services import correct
from sori.respond import services as desk
from sori.respond import tagging
from sori.respond.models import Case, Message

pytestmark = pytest.mark.django_db


def attempt(rule, now=None):
    return trying.attempt(script(rule).rule(), Choices(), now)


def digest() -> str:
    rows = [
        row
        for model in apps.get_models()
        if model._meta.app_label in {"respond", "journal", "automation", "people", "listen"}
        for row in model.objects.order_by("pk")
    ]
    return json.dumps(serializers.serialize("json", rows))


@pytest.fixture
def voices(lake):
    place = source()
    texts = ["환불해 주세요", "배송이 언제", "재환불요청", "고마워요", "환불 언제 되나요"]
    said = [
        letter(
            place,
            text,
            author_id=f"c{number}@x.kr",
            published_at=timezone.now() - timedelta(days=number, minutes=1),
        )
        for number, text in enumerate(texts)
    ]
    say(lake, *said)
    return texts


def test_it_says_what_would_have_been_done_and_when(voices, make_rule, author):
    tag = tagging.make(name="환불", member=author)
    rule = make_rule(
        ("add_tag", str(tag.pk)), ("note", "", "x"), conditions=[("text", "contains", "환불")]
    )
    first = Case.objects.get(excerpt="환불해 주세요")
    tagging.put_on(case=first.pk, tag=tag, member=author)

    tried = attempt(rule)

    assert (tried.events, tried.times, tried.cases, tried.capped) == (5, 3, 3, False)
    assert [count for _day, count in tried.by_day if count] == [1, 1, 1]
    assert len(tried.by_day) == trying.DAYS + 1
    assert [one["subject"] for one in tried.shown] == ["배송 문의"] * 3
    assert [len(one["does"]) for one in tried.shown] == [1, 2, 2]


def test_it_agrees_with_what_the_rule_then_does(lake, run, make_rule):
    rule = make_rule(
        ("note", "", "x"),
        conditions=[("text", "contains", "환불"), ("kind", "is", "complaint")],
        any_of=True,
    )
    place = source()
    for number, (text, kind) in enumerate(
        [("환불", "question"), ("늦어요", "complaint"), ("좋아요", "praise"), ("환불!", None)]
    ):
        say(lake, letter(place, text, kind=kind, author_id=f"c{number}@x.kr"))
    foretold = {one["case"] for one in attempt(rule).shown}
    run()
    assert foretold == set(RuleRun.objects.values_list("case", flat=True))
    assert len(foretold) == 3


ABOUT = (["delivery.time"], ["billing.refund", "delivery"], [], None)
"""What four customers speak of; of the last nobody has looked at it."""


@pytest.mark.parametrize(
    ("op", "value", "any_of", "acts", "unknown"),
    [
        ("is", "delivery", False, {0, 1}, 1),
        ("is", "delivery.time", False, {0}, 1),
        ("is_not", "delivery.time", False, {1, 2}, 1),
        ("is", "billing.refund", True, {1, 3}, 0),
    ],
)
def test_it_agrees_about_topics_and_tells_apart_what_nobody_knows(
    lake, run, make_rule, op, value, any_of, acts, unknown
):
    # the fourth is a complaint: where one condition is enough, its topics do not matter
    also = [("kind", "is", "complaint")] if any_of else []
    rule = make_rule(("note", "", "x"), conditions=[("topic", op, value), *also], any_of=any_of)
    place = source()
    for number, topics in enumerate(ABOUT):
        kind = "complaint" if topics is None else "question"
        said = letter(place, kind=kind, topics=topics, author_id=f"c{number}@x.kr")
        say(lake, said)
    cases = list(Case.objects.order_by("pk").values_list("pk", flat=True))

    tried = attempt(rule)
    run()

    assert {one["case"] for one in tried.shown} == {cases[one] for one in acts}
    assert set(RuleRun.objects.values_list("case", flat=True)) == {cases[one] for one in acts}
    assert tried.unknown == unknown


def test_what_people_said_of_topics_counts_for_the_trial_and_for_the_rule(
    lake, run, make_rule, author
):
    rule = make_rule(
        ("note", "", "x"), trigger="relabelled", conditions=[("topic", "is", "billing.refund")]
    )
    say(lake, letter(source(), topics=["delivery"]))
    said = Message.objects.get()
    assert said.mention

    correct(mention=said.mention, label="topics", value=["billing.refund"], member=author)

    assert attempt(rule).times == 1
    run()
    assert RuleRun.objects.count() == 1


def test_what_was_forgotten_in_the_lake_is_known_to_nobody(lake, make_rule):
    rule = make_rule(("note", "", "x"), conditions=[("topic", "is", "delivery")])
    say(lake, letter(source(), topics=["delivery"]))
    assert (attempt(rule).times, attempt(rule).unknown) == (1, 0)

    lake.forget(ids=[Message.objects.get().mention])

    assert (attempt(rule).times, attempt(rule).unknown) == (0, 1)


def test_words_that_came_later_do_not_count_for_what_happened_before(lake, make_rule):
    rule = make_rule(("note", "", "x"), trigger="status", conditions=[("text", "contains", "환불")])
    place, ago = source(), timezone.now() - timedelta(hours=1)
    say(lake, letter(place, "배송 언제 와요", thread_id="<t>", published_at=ago))
    desk.set_status(case=Case.objects.get().pk, member=member(), status="open")
    at = timezone.now()
    say(lake, letter(place, "환불할래요", thread_id="<t>", published_at=at, heard_at=at))

    assert (attempt(rule).events, attempt(rule).times) == (1, 0)


def test_it_says_on_the_page_what_nobody_knows(lake, author):
    say(lake, letter(source(), topics=None))
    asked = {
        "name": "x",
        "trigger": "opened",
        "field": "topic",
        "op": "is",
        "value": "delivery",
        "sort": "note",
        "object": "",
        "words": "y",
    }

    page = signed_in(author).post("/automation/rules/try/", asked).content.decode()

    assert "Of one conversation nobody knows any more what it was about" in page


def test_it_writes_nothing(voices, make_rule, author):
    tag = tagging.make(name="환불", member=author)
    rules = [
        make_rule(("add_tag", str(tag.pk)), ("status", "on_hold"), ("priority", "20")),
        make_rule(("note", "", "x"), trigger="idle", hours=1),
    ]
    before = digest()
    for rule in rules:
        assert attempt(rule, timezone.now() + timedelta(hours=2)).times
    assert digest() == before


def test_it_asks_the_same_number_of_questions_for_many(lake, make_rule):
    rule = make_rule(("note", "", "x"), conditions=[("text", "contains", "환불")])
    place = source()
    say(lake, letter(place, "환불", author_id="first@x.kr"))
    with CaptureQueriesContext(connection) as few:
        attempt(rule)
    say(lake, *(letter(place, "환불", author_id=f"c{number}@x.kr") for number in range(30)))
    with CaptureQueriesContext(connection) as many:
        assert attempt(rule).times == 31
    assert len(many) == len(few)


def test_it_says_when_there_was_too_much(voices, make_rule, monkeypatch):
    monkeypatch.setattr(trying, "MOST", 3)
    tried = attempt(make_rule(("note", "", "x")))
    assert (tried.events, tried.capped) == (3, True)


def test_it_finds_the_silences_of_the_past(lake, make_rule):
    opened(lake)
    case = Case.objects.get().pk
    desk.set_status(case=case, member=member(), status="open")
    rule = make_rule(("note", "", "x"), trigger="idle", hours=2)
    until = timezone.now() + timedelta(hours=3)
    assert attempt(rule, until).times == 1
    assert attempt(rule).times == 0

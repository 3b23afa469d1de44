"""Answers that came back stand with the answer and warn at the address; nothing else happens."""

import json
from datetime import timedelta

import pytest
from django.utils import translation

from desk import answers, letter, member, now, only_case, opened, say, signed_in, source
from sori.journal.models import Event
from sori.respond import outbox, services
from sori.respond.forgetting import forget
from sori.respond.models import Bookmark, Bounce, Case, Clock, Message
from sori.respond.receiving import receive
from sori.respond.returned import last_bounce, why

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(lake, oracle) -> Message:
    say(lake, letter(oracle))
    asked = Message.objects.get()
    services.approve_reply(answers=asked.pk, member=member(), body="오늘 출고됩니다")
    outbox.deliver_due()
    return asked


@pytest.fixture
def answer(asked) -> Message:
    return Message.objects.get(direction="out")


def report(lake, place, answer, action="failed", **more):
    known = {"status": "5.2.2", "said": "552 mailbox full", "lasting": False} | more
    bounce = {"action": action, "about": answer.external_id} | known
    extra = json.dumps({"automatic": True, "bounce": bounce})
    row = letter(place, "It did not arrive.", author_id="mailer-daemon@x.kr", extra=extra)
    say(lake, row | {"reply_address": json.dumps({"to": "mailer-daemon@x.kr"})})


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_it_says_where_the_answer_stands_why_it_came_back(lake, oracle, answer):
    clocks = Clock.objects.count()

    report(lake, oracle, answer)

    answer.refresh_from_db()
    assert answer.evidence.endswith("came back: the mailbox is full (5.2.2): 552 mailbox full")
    assert answer.state == "sent"
    assert only_case().status == "open"
    assert (Message.objects.count(), Clock.objects.count()) == (2, clocks)
    event = Event.objects.get(kind="answer.bounced")
    assert (event.data["status"], event.data["lasting"]) == ("5.2.2", False)
    assert "kim@" not in json.dumps(event.data)


def test_late_is_told_and_nothing_more(lake, oracle, answer):
    report(lake, oracle, answer, "delayed", status="4.4.1", said="451 no answer")

    answer.refresh_from_db()
    assert "not delivered yet: the mail server does not answer (4.4.1)" in answer.evidence
    assert only_case().status == "pending"
    assert kinds()[-1] == "answer.held_up"
    assert not Bounce.objects.exists()


def test_delivered_says_nothing(lake, oracle, answer):
    before = kinds()

    report(lake, oracle, answer, "delivered")

    assert kinds() == before
    assert only_case().status == "pending"


def test_what_proves_nothing_marks_nothing(lake, oracle, asked, answer):
    """The channel names no answer where the signature is not ours; so it is nobody's bounce."""
    answer.external_id = ""
    report(lake, oracle, answer)
    answer.external_id = "<somebody-elses@oracle>"
    report(lake, oracle, answer)
    report(lake, source(), Message.objects.get(direction="out"))  # came by a mailbox not its own

    assert not Bounce.objects.exists()
    assert last_bounce(asked) is None
    assert only_case().status == "pending"
    assert Message.objects.count() == 2


def test_it_marks_where_the_answer_went_whatever_the_report_names(lake, oracle, asked, answer):
    report(lake, oracle, answer, status="5.1.1", lasting=True, recipient="rfc822; boss@x.kr")

    found = last_bounce(asked)
    assert found is not None
    assert (found.address, found.status, found.lasting) == ("kim@customer.example", "5.1.1", True)
    with translation.override("en"):
        assert why(found.status) == "There is no such address"


def test_the_same_report_twice_is_one(lake, oracle, answer):
    report(lake, oracle, answer)
    report(lake, oracle, answer)

    assert Bounce.objects.count() == 2  # two reports, each told once
    Bookmark.objects.update(version=-1)
    receive(lake)
    assert Bounce.objects.count() == 2


@pytest.mark.parametrize(
    ("lasting", "words"),
    [(True, "Better to reach them another way."), (False, "it may work again")],
)
def test_the_composer_warns(lake, oracle, asked, answer, lasting, words):
    case = f"/inbox/{asked.conversation.case_id}/"
    browser = signed_in()
    assert "came back" not in browser.get(case).content.decode().split('id="composer"')[1]

    report(lake, oracle, answer, lasting=lasting)

    page = browser.get(case).content.decode().split('id="composer"')[1]
    assert "A mail to this address came back on" in page
    assert "The mailbox is full" in page
    assert words in page


def test_it_warns_in_every_case_of_that_address(lake, oracle, answer):
    report(lake, oracle, answer)
    form = source("webform")

    other = opened(lake, source=form.pk, channel="webform", author_id="Kim@customer.example")

    other.reply_address = {"to": "KIM@customer.example"}
    assert last_bounce(other) is not None


def test_who_writes_from_there_again_takes_the_warning_away(lake, oracle, asked, answer):
    report(lake, oracle, answer)
    say(lake, letter(oracle, "이제 받아요", published_at=now() + timedelta(minutes=1)))

    assert Bounce.objects.count() == 1
    assert last_bounce(asked) is None


def test_it_is_forgotten_with_the_person(lake, oracle, answer):
    report(lake, oracle, answer)

    forget([only_case().person_id])

    assert not Bounce.objects.exists()
    assert not Case.objects.exists()
    assert not answers()

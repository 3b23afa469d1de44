"""Whoever follows an idea is told by mail what became of it: once, and until they stop it."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from sori import mailing
from sori.change.ideas import moderating, services, taking_part, telling
from sori.change.ideas.models import Audience, Letter, Status, Subscription
from sori.people import merging
from sori.staff.models import Member


@pytest.fixture
def told(propose, agent):
    """An idea that one visitor follows, and a step it went."""
    idea = propose("요금제를 앱에서", actor=None)
    services.answer(idea=idea, status=Status.PLANNED, words="가을에 합니다.", member=agent)
    return idea


def due() -> None:
    Letter.objects.filter(due_at__isnull=False).update(
        due_at=timezone.now() - timedelta(seconds=5), lease_until=None
    )


def states() -> list[str]:
    return list(Letter.objects.order_by("pk").values_list("state", flat=True))


def test_it_tells_in_the_readers_language_and_once(told):
    assert telling.tell_due() == 1
    assert telling.tell_due() == 0
    [letter] = mail.outbox
    assert letter.to == ["author0@customer.example"]
    assert letter.subject == "예정: 요금제를 앱에서"
    assert "가을에 합니다." in letter.body
    assert f"/ideas/ko/{told.pk}/" in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert states() == ["sent"]


def test_it_tells_nobody_twice_who_has_two_accounts_or_votes(propose, agent, visitor):
    root, part = propose("하나"), propose("둘")
    kim = visitor("가")
    taking_part.vote(actor=kim, idea=root)
    taking_part.vote(actor=kim, idea=part)
    moderating.merge(idea=part, into=root, member=agent)
    merging.merge(person=kim.person.pk, into=root.person_id, member=agent)
    services.answer(idea=root, status=Status.SHIPPED, words="", member=agent)
    while telling.tell_due():
        pass
    assert len(mail.outbox) == 2
    assert sum("“둘”" in letter.body for letter in mail.outbox) == 1


def test_it_tells_nobody_who_stopped_it_or_was_voted_for(propose, agent, visitor):
    idea = propose()
    taking_part.vote(actor=visitor("가"), idea=idea, by=agent, case=1)
    taking_part.follow(actor=visitor("나"), idea=idea)
    taking_part.unfollow(actor=visitor("나"), idea=idea)
    services.answer(idea=idea, status=Status.REVIEW, words="", member=agent)
    assert [one.subscription.person_id for one in Letter.objects.all()] == [idea.person_id]
    Subscription.objects.update(stopped_at=timezone.now())
    telling.tell_due()
    assert states() == ["dropped"]
    assert mail.outbox == []


def test_it_is_stopped_by_one_click_without_a_cookie(told):
    telling.tell_due()
    link = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").partition("8000")[2]
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(link).status_code == 200
    assert Subscription.objects.get().stopped_at is None
    assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscription.objects.get().stopped_at is not None
    assert strict.get("/ideas/stop/1:forged/").status_code == 410


def test_it_says_nothing_of_what_is_not_shown_any_more(told, agent):
    moderating.hide(idea=told, member=agent)
    telling.tell_due()
    assert states() == ["dropped"]


def test_members_are_told_at_an_address_that_is_proved(inside, agent, propose):
    actor = taking_part.Actor(None, agent, "ko")
    idea = propose("하나", actor=actor, board=inside)
    for proved in (None, timezone.now()):
        Member.objects.filter(pk=agent.pk).update(email_proved_at=proved)
        services.follow([idea.pk], "doing", "yes", "이유" if proved else "")
        telling.tell_due()
    assert [letter.to for letter in mail.outbox] == [[agent.email]]
    assert f"/ideas/desk/{idea.pk}/" in mail.outbox[0].body
    assert idea.board.audience == Audience.INTERNAL


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"later")}), "waiting"),
        (smtplib.SMTPServerDisconnected("?"), "unclear"),
    ],
)
def test_it_tries_again_only_what_surely_failed(told, monkeypatch, error, state):
    def fail(*_all):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
        telling.tell_due()
    assert states() == [state]
    due()
    telling.tell_due()
    assert len(mail.outbox) == (state == "waiting")


def test_it_gives_up_in_the_end(told, monkeypatch):
    def fail(_mail):
        raise mailing.ReplyNotAccepted("no way out")

    monkeypatch.setattr(telling, "send", fail)
    for _time in range(telling.MOST_FAILURES + 2):
        due()
        telling.tell_due()
    assert states() == ["failed"]
    assert Letter.objects.get().failures == telling.MOST_FAILURES


def test_a_worker_that_dies_leaves_it_unclear(told):
    Letter.objects.update(state="sending")
    due()
    telling.tell_due()
    assert states() == ["unclear"]
    assert mail.outbox == []

"""Whoever has left the window is answered by mail, once, and finds the answer in the window too."""

import email
import json
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest
from django.utils import timezone

from chat_windows import Window, answered, chat, taken_up
from desk import letter, member, now, say, signed_in
from desk import source as place
from oracle import accepted, install
from sori.channels.mail import writing
from sori.channels.mail.threads import Signer
from sori.listen.models import Source
from sori.respond import outbox, services
from sori.respond.models import Case, Conversation, Message
from sori.webchat.models import Visitor
from sori.webchat.presence import PATIENCE

pytestmark = pytest.mark.django_db
MAIL = "haeun@customer.example"


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Source:
    install(monkeypatch)
    return place("oracle", settings={"book": str(tmp_path / "book")})


@pytest.fixture
def window(mailbox: Source) -> Window:
    """Of somebody who has said something and left an address."""
    window = Window(chat(reply_by=mailbox.slug, heading="소담")).start()
    window.say("배송이 언제 오나요?\n급해요")
    assert window.ask("mail", {"email": MAIL}).json() == {"mail": MAIL}
    return window


def mails(mailbox: Source) -> list[dict]:
    return accepted(mailbox.settings["book"])


def gone(window: Window) -> None:
    assert window.ask("leave").status_code == 200


def test_it_answers_by_mail_whoever_has_left(window, mailbox, lake):
    asked = taken_up(window.source)
    gone(window)

    sent = answered(asked, member(), "내일 도착합니다.")

    assert (sent.state, sent.destination["shown"]) == ("sent", MAIL)
    (mail,) = mails(mailbox)
    assert (mail["to"]["to"], mail["to"]["subject"]) == (MAIL, "[소담] 채팅 문의에 대한 답변")
    assert mail["to"]["opening"].endswith("> 배송이 언제 오나요?\n> 급해요\n\n")
    assert mail["text"] == "내일 도착합니다."
    assert window.texts() == ["배송이 언제 오나요?\n급해요", "내일 도착합니다."], (
        "it stands there too"
    )


def test_it_answers_in_the_window_whoever_is_there(window, mailbox, lake):
    sent = answered(taken_up(window.source), member())

    assert sent.state == "sent"
    assert sent.destination["to"]["visitor"]
    assert mails(mailbox) == []


def test_it_takes_a_window_that_is_silent_for_one_that_is_closed(window, mailbox, lake):
    asked = taken_up(window.source)
    Visitor.objects.update(seen_at=timezone.now() - PATIENCE - timedelta(seconds=1))

    answered(asked, member())

    assert len(mails(mailbox)) == 1


@pytest.mark.parametrize("lacks", ["address", "mailbox"])
def test_it_lets_an_answer_wait_in_the_window_where_no_mail_can_go(window, mailbox, lake, lacks):
    asked = taken_up(window.source)
    gone(window)
    if lacks == "address":
        Visitor.objects.update(email="")
    else:
        Source.objects.filter(pk=window.source.pk).update(settings={"origins": []})

    sent = answered(asked, member(), "기다리는 답")

    assert sent.state == "sent"
    assert mails(mailbox) == []


def test_it_sends_a_second_answer_the_same_way_while_the_first_is_on_its_way(window, mailbox, lake):
    asked, who = taken_up(window.source), member()
    first = services.approve_reply(answers=asked.pk, member=who, body="하나")
    gone(window)
    second = services.approve_reply(answers=asked.pk, member=who, body="둘")
    outbox.deliver_due()

    states = Message.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True)
    assert list(states) == ["sent", "sent"]
    assert mails(mailbox) == []


def test_a_click_that_comes_twice_around_leaving_is_one_answer(window, mailbox, lake):
    asked, who = taken_up(window.source), member()
    once = {"answers": asked.pk, "member": who, "body": "하나", "token": "t"}
    first = services.approve_reply(**once)
    gone(window)
    again = services.approve_reply(**once)
    outbox.deliver_due()

    assert first.pk == again.pk
    assert Message.objects.get(pk=first.pk).state == "sent"
    assert mails(mailbox) == []


def test_coming_back_changes_no_answer_that_is_on_its_way(window, mailbox, lake):
    asked = taken_up(window.source)
    gone(window)
    sent = services.approve_reply(answers=asked.pk, member=member(), body="메일로")
    window.say("다시 왔어요")
    outbox.deliver_due()

    sent.refresh_from_db()
    assert sent.state == "sent"
    assert len(mails(mailbox)) == 1
    # and what they have said now is answered where they are
    newest = taken_up(window.source)
    assert "source" not in answered(newest, member(), "창으로").destination["to"]


def test_an_unclear_mail_is_never_sent_twice(window, mailbox, lake):
    mailbox.settings |= {"script": ["drop"], "reads_back": False}
    mailbox.save()
    asked = taken_up(window.source)
    gone(window)

    answered(asked, member())
    outbox.deliver_due()

    answer = Message.objects.get(direction="out")
    assert (answer.state, answer.attempt) == ("unknown", 1)
    assert len(window.texts()) == 1, "the window does not claim what nobody knows"


def test_a_reply_to_the_mail_comes_into_the_same_case(window, mailbox, lake):
    asked = taken_up(window.source)
    gone(window)
    sent = answered(asked, member())

    back = letter(mailbox, "고마워요", author_id=MAIL, extra=json.dumps({"answers": sent.key}))
    say(lake, back)

    assert Case.objects.count() == 1
    assert Conversation.objects.count() == 2


def test_the_mail_shows_what_was_asked_before_the_answer():
    to = {"to": MAIL, "subject": "답변", "opens": True, "opening": "채팅:\n> 언제 와요?\n\n"}
    mail = writing.written(
        to=to, text="내일요", key="k", sender=("소담", "help@shop.example"),
        signer=Signer("s" * 32), plus=False, at=now(),
    )  # fmt: skip
    read = email.message_from_bytes(mail.raw, policy=policy.default)
    assert read["Subject"] == "답변"
    assert read.get_content().replace("\r\n", "\n") == "채팅:\n> 언제 와요?\n\n내일요\n"


def test_the_agent_sees_that_somebody_left_without_reading(window, mailbox, lake):
    asked = taken_up(window.source)
    answered(asked, member())
    gone(window)
    browser, path = signed_in(), f"/chat/here/{asked.conversation.case_id}/"

    assert "1 answer is unread." in browser.get(path).content.decode()

    answered(asked, member(), "메일로 한 번 더")
    assert "1 answer is unread." in browser.get(path).content.decode(), "a mail is not counted"
    window.shown(reads=True)
    gone(window)
    assert "unread" not in browser.get(path).content.decode()


def test_what_a_dying_worker_left_arrives_once(window, lake):
    asked = taken_up(window.source)
    answer = services.approve_reply(answers=asked.pk, member=member(), body="한 번만")
    died = now() - timedelta(minutes=9)
    Message.objects.filter(pk=answer.pk).update(state="sending", due_at=died, lease_until=died)

    outbox.deliver_due()
    Message.objects.filter(pk=answer.pk).update(due_at=died)
    outbox.deliver_due()

    answer.refresh_from_db()
    assert answer.state == "sent"
    assert window.texts()[1:] == ["한 번만"]


def test_the_agent_sees_who_is_there_and_where_an_answer_goes(window, mailbox, lake):
    case = taken_up(window.source).conversation.case_id
    browser = signed_in()
    page = browser.get(f"/inbox/{case}/").content.decode()
    assert f"/chat/here/{case}/" in page

    there = browser.get(f"/chat/here/{case}/").content.decode()
    gone(window)
    away = browser.get(f"/chat/here/{case}/").content.decode()

    assert "At the chat window now" in there
    assert MAIL in away
    assert "At the chat window" not in away


@pytest.mark.parametrize("address", ["", "x", "a@b@c", "a@b.example\nBcc: c@d.example"])
def test_it_takes_no_address_that_is_none(window, address):
    assert window.ask("mail", {"email": address}).status_code == 422
    assert Visitor.objects.get().email == MAIL

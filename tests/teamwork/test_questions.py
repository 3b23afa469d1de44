"""Side questions by mail: whom one may ask, how they are sent, and how answers become notes."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation

from desk import HTMX, letter, now, say, signed_in
from oracle import accepted, install
from sori.errors import Refused, ReplyError
from sori.insight.measures import Period, totals
from sori.journal.models import Event
from sori.listen import memory
from sori.listen.models import Source
from sori.respond import services as desk
from sori.respond.models import Case, Note
from sori.teamwork import asking, forgetting
from sori.teamwork.models import Answer, Question
from sori.teamwork.posting import ask_due

pytestmark = pytest.mark.django_db

COLLEAGUE = "kiji@sori.example"


@pytest.fixture
def mailbox(db: None) -> Source:
    settings = {"smtp_host": "mail.sori.example", "address": "help@sori.example"}
    return Source.objects.create(name="mail", slug="mail", channel="email", settings=settings)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """A mailbox that behaves as told, and the book of what it accepted."""
    install(monkeypatch)
    book = str(tmp_path / "book")

    def make(question: Question, *script: str) -> str:
        settings = {"book": book, "script": list(script)}
        place = Source.objects.create(name="o", slug="o", channel="oracle", settings=settings)
        Question.objects.filter(pk=question.pk).update(source=place, due_at=a_second_ago())
        return book

    return make


def a_second_ago():
    return now() - timedelta(seconds=1)


def ask(case: Case, agent, **more) -> Question:
    said = {"address": COLLEAGUE, "words": "기지국에 장애가 있었나요?"} | more
    return asking.ask_by_mail(case=case.pk, member=agent, **said)


def reply(lake, place: Source, key: str, text: str = "네, 8시부터요.", **row) -> None:
    """What the channel hears when a colleague answers."""
    extra = {"asked": key, **row.pop("extra", {})}
    said = {"author_id": COLLEAGUE, "author_name": "기지국", "extra": json.dumps(extra)} | row
    say(lake, letter(place, text, **said))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("kim@customer.example", "Only colleagues"),
        ("kiji@sori.example.evil.test", "Only colleagues"),
        ("a@sori.example, kim@customer.example", "one mail address"),
        ("kiji@sori.example\nBcc: x@evil.test", "one mail address"),
        ("", "one mail address"),
    ],
)
def test_it_asks_nobody_outside(case, agent, mailbox, address, why):
    with translation.override("en"), pytest.raises(Refused, match=why):
        ask(case, agent, address=address)
    assert not Question.objects.exists()


def test_it_needs_a_mailbox_and_words_and_an_unsettled_case(case, agent):
    with translation.override("en"):
        with pytest.raises(Refused, match="No mailbox"):
            ask(case, agent)
        with pytest.raises(Refused, match="4,000"):
            ask(case, agent, words=" ")
        desk.decide_no_answer(case=case.pk, member=agent, reason="nothing_to_add")
        with pytest.raises(Refused, match="settled"):
            ask(case, agent)


def test_it_sends_the_customers_words_only_when_told_to(case, agent, mailbox):
    assert "배송이 언제 오나요?" not in ask(case, agent).body
    assert "배송이 언제 오나요?" in ask(case, agent, excerpt=True).body


def test_it_sends_once_and_then_forgets_the_key(case, agent, mailbox, box):
    question = ask(case, agent)
    book = box(question, "accept")

    assert (ask_due(), ask_due()) == (1, 0)

    (mail,) = accepted(book)
    assert mail["to"]["to"] == COLLEAGUE
    assert mail["key"].startswith("ask-")
    assert len(mail["key"]) == 44
    question.refresh_from_db()
    assert (question.state, question.key, question.due_at) == ("sent", "", None)
    assert question.digest == asking.digest_of(mail["key"])


@pytest.mark.parametrize(
    ("word", "state", "told"),
    [("refuse", "rejected", "refused"), ("drop", "unknown", "unclear"), ("miss", "retry", "")],
)
def test_it_says_what_became_of_it(case, agent, mailbox, box, word, state, told):
    question = ask(case, agent)
    box(question, word)

    ask_due(limit=1)

    question.refresh_from_db()
    assert question.state == state
    assert question.evidence
    kinds = set(Event.objects.filter(kind__startswith="question.").values_list("kind", flat=True))
    assert kinds == {"question.asked", *([f"question.{told}"] if told else [])}


def test_it_never_sends_again_what_is_unclear(case, agent, mailbox, box):
    question = ask(case, agent)
    book = box(question, "bug")

    with pytest.raises(ReplyError):
        ask_due()
    Question.objects.update(due_at=a_second_ago(), lease_until=None)

    assert ask_due() == 0
    assert len(list(accepted(book))) == 1
    question.refresh_from_db()
    assert question.state == "unknown"


def test_it_calls_unclear_what_a_worker_was_sending_when_it_died(case, agent, mailbox, box):
    question = ask(case, agent)
    book = box(question, "accept")
    past = a_second_ago()
    Question.objects.update(state="sending", attempt=1, lease_until=past, due_at=past)

    assert ask_due() == 0

    question.refresh_from_db()
    assert question.state == "unknown"
    assert list(accepted(book)) == []


def test_it_waits_while_outgoing_answers_are_held(case, agent, mailbox, box):
    box(ask(case, agent), "accept")
    desk.hold_outgoing(reason="restored")

    assert ask_due() == 0


def test_it_makes_a_note_of_the_answer_and_no_case(lake, case, agent, mailbox, hire, service):
    question = ask(case, agent)

    reply(lake, mailbox, question.key)

    note = Note.objects.get()
    assert (note.case, note.body, note.by_mail) == (case, "네, 8시부터요.", COLLEAGUE)
    assert Case.objects.count() == 1
    question.refresh_from_db()
    assert question.answered_at
    assert Event.objects.get(kind="question.answered").data["other"] is False


def test_it_takes_every_answer_up_once(lake, case, agent, mailbox):
    question = ask(case, agent)
    reply(lake, mailbox, question.key, "첫째")
    reply(lake, mailbox, question.key, "둘째")

    from sori.respond.models import Bookmark
    from sori.respond.receiving import receive

    Bookmark.objects.update(version=-1)
    receive(lake)

    assert sorted(Note.objects.values_list("body", flat=True)) == ["둘째", "첫째"]
    assert Answer.objects.count() == 2


def test_it_loses_nothing_when_taking_it_up_fails(lake, case, agent, mailbox, monkeypatch):
    from sori.teamwork import hearing

    question = ask(case, agent)
    whole = hearing._take_up

    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(hearing, "_take_up", broken)
    with pytest.raises(ZeroDivisionError):
        reply(lake, mailbox, question.key)
    assert not Note.objects.exists()
    monkeypatch.setattr(hearing, "_take_up", whole)

    from sori.respond.receiving import receive

    receive(lake)
    assert Note.objects.count() == 1


def test_it_says_when_another_colleague_answers(lake, case, agent, mailbox):
    question = ask(case, agent)

    reply(lake, mailbox, question.key, author_id="other@sori.example")

    assert Event.objects.get(kind="question.answered").data["other"] is True
    assert Note.objects.get().by_mail == "other@sori.example"
    page = signed_in(agent).get(f"/inbox/{case.pk}/").content.decode()
    assert "answered from another address than we asked" in page
    assert "other@sori.example<span>Answer by mail" in page


def test_it_opens_a_case_besides_when_a_stranger_answers(lake, case, agent, mailbox):
    question = ask(case, agent)

    reply(lake, mailbox, question.key, author_id="lee@customer.example")

    assert Case.objects.count() == 2
    assert Note.objects.get().by_mail == "lee@customer.example"


def test_it_treats_a_key_nobody_knows_as_what_it_is(lake, case, agent, mailbox):
    ask(case, agent)

    reply(lake, mailbox, "ask-" + "0" * 40, author_id="lee@customer.example")

    assert not Note.objects.exists()
    assert Case.objects.count() == 2


def test_it_waits_on_when_only_a_machine_answers(lake, case, agent, mailbox):
    question = ask(case, agent)

    reply(lake, mailbox, question.key, "휴가 중입니다", extra={"automatic": True})

    question.refresh_from_db()
    assert question.answered_at is None
    assert Note.objects.get().body == "휴가 중입니다"
    assert Case.objects.count() == 1


def test_it_learns_from_a_bounce(lake, case, agent, mailbox):
    question = ask(case, agent)
    Question.objects.update(state="sent", external_id="<ours@sori.example>")
    bounce = {"bounce": {"about": "<ours@sori.example>", "status": "5.1.1"}, "automatic": True}

    say(lake, letter(mailbox, "Undelivered", author_id="mailer-daemon@x", extra=json.dumps(bounce)))

    question.refresh_from_db()
    assert (question.state, question.evidence) == ("rejected", "sent back 5.1.1")


def test_it_counts_no_colleague_as_a_customer(lake, case, agent, mailbox, settings):
    from zoneinfo import ZoneInfo

    question = ask(case, agent)
    period = Period(7, now(), ZoneInfo("Asia/Seoul"))
    before = totals(memory.counting_reader(), period)[0].voices

    reply(lake, mailbox, question.key)

    assert totals(memory.counting_reader(), Period(7, now(), ZoneInfo("Asia/Seoul")))[0].voices == (
        before
    )
    assert before == 1


def test_it_is_forgotten_with_the_person(lake, case, agent, mailbox):
    question = ask(case, agent, words="김하은 님 건이에요")
    reply(lake, mailbox, question.key, "김하은 님은 8시부터요")
    people = [case.person_id]
    answered = Answer.objects.get().mention

    assert forgetting.mentions_of(people) == [answered]
    assert {row["type"] for row in forgetting.texts(people)} == {"question"}
    forgetting.forget(people)

    assert not Question.objects.exists()
    assert not Answer.objects.exists()


def test_it_asks_from_the_page(case, agent, mailbox):
    browser = signed_in(agent)

    page = browser.post(
        f"/tasks/of-case/{case.pk}/ask-by-mail/",
        {"address": COLLEAGUE, "words": "<b>장애</b>였나요?"},
        headers=HTMX,
    ).content.decode()
    refused = browser.post(
        f"/tasks/of-case/{case.pk}/ask-by-mail/",
        {"address": "kim@customer.example", "words": "비밀"},
        headers=HTMX,
    )

    assert "asked a colleague by mail" in page
    part = browser.get(f"/tasks/of-case/{case.pk}/").content.decode()
    assert "&lt;b&gt;장애&lt;/b&gt;였나요?" in part
    assert "Waiting to be sent" in part
    assert refused.status_code == 422
    assert "비밀" in refused.content.decode()

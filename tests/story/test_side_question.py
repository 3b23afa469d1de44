"""A question to a colleague by real mail: out by our mailbox, answered from theirs, a note."""

from email import policy
from email.message import EmailMessage

import pytest
from pytest_django import Settings

from peers.mail_server import PASSWORD, MailServer
from sori import flow
from sori.lake.store import Lake
from sori.listen.models import Source
from sori.listen.services import add_source
from sori.respond.models import Case, Note
from sori.staff.models import Member, Role
from sori.teamwork.asking import ask_by_mail
from sori.teamwork.models import Question
from sori.teamwork.posting import ask_due
from story.letters import CUSTOMER, HELP, letter, received

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.peer]

COLLEAGUE = "kiji@sodam.example"
OTHER = "bongsu@sodam.example"


@pytest.fixture
def mailbox(mail: MailServer) -> Source:
    return add_source(
        name="고객지원 메일",
        channel="email",
        settings={
            "address": HELP,
            "password": PASSWORD,
            "imap_host": "127.0.0.1",
            "imap_port": mail.imap_port,
            "imap_security": "none",
            "smtp_host": "127.0.0.1",
            "smtp_port": mail.submission_port,
            "smtp_security": "none",
        },
    )


def answered(question: EmailMessage, who: str, text: str, answers: str = "") -> bytes:
    """What a mail program makes of an answer, the question quoted below."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"] = f"기지국 <{who}>", HELP
    mail["Subject"] = f"Re: {question['Subject']}"
    mail["Message-ID"] = f"<{who}>"
    mail["References"] = f"{question['Message-ID']} {answers}".strip()
    mail["In-Reply-To"] = answers or question["Message-ID"]
    quoted = "".join(f"> {line}\n" for line in question.get_content().splitlines())
    said = f"2026년 11월 28일 (토) 오전 9:00, 고객지원 <{HELP}>님이 작성:\n"
    mail.set_content(f"{text}\n\n{said}{quoted}")
    return mail.as_bytes()


def turn() -> None:
    flow.turn(Source.objects.get())
    flow.receive()


def test_it_asks_a_colleague_by_mail_and_notes_what_they_answer(
    mail: MailServer, mailbox: Source, lake: Lake, settings: Settings
):
    settings.COLLEAGUE_DOMAINS = ("sodam.example",)
    member = Member.objects.create_user("a@sodam.example", name="이서연", role=Role.AGENT)
    mail.deliver(
        letter("통신 장애", "어제 저녁에 전화가 끊겼어요", number=7), HELP, sender=CUSTOMER
    )
    turn()
    case = Case.objects.get()

    ask_by_mail(
        case=case.pk,
        member=member,
        address=COLLEAGUE,
        words="어제 8시에 장애가 있었나요?",
        excerpt=True,
    )
    assert (ask_due(), ask_due()) == (1, 0)

    question = received(mail, who=COLLEAGUE)
    assert HELP in question["From"]
    assert not question["Subject"].startswith("Re:")
    assert f"#{case.pk}" in question["Subject"]
    assert "어제 8시에 장애가 있었나요?" in question.get_content()
    assert "어제 저녁에 전화가 끊겼어요" in question.get_content()
    assert question["References"] is None

    mail.deliver(answered(question, COLLEAGUE, "네, 두 시간 있었어요."), HELP, sender=COLLEAGUE)
    turn()
    turn()
    passed_on = answered(question, OTHER, "합정동만이에요.", f"<{COLLEAGUE}>")
    mail.deliver(passed_on, HELP, sender=OTHER)
    turn()

    notes = Note.objects.order_by("pk").values_list("body", "by_mail")
    assert list(notes) == [("네, 두 시간 있었어요.", COLLEAGUE), ("합정동만이에요.", OTHER)]
    assert Case.objects.count() == 1, "a colleague is no customer"
    assert Question.objects.get().answered_at

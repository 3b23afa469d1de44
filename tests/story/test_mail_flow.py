"""The letter's way without a browser, on either database: mailbox, lake, case, answer, mailbox."""

import json

import pytest

from peers.mail_server import PASSWORD, MailServer
from sori import flow
from sori.lake.store import Lake
from sori.listen.models import Run, Source
from sori.listen.services import add_source
from sori.respond.models import Case, Clock, Message
from sori.respond.outbox import deliver_due
from sori.respond.services import approve_reply, resolve
from sori.staff.models import Member, Role
from story.letters import CUSTOMER, HELP, letter, received

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.peer]

WORDS = "요금이 두 번 빠져나갔어요. 제 주민번호는 900101-1234567 입니다. 빨리 돌려주세요."
ANSWER = "하은 님, 두 번 빠져나간 요금을 오늘 돌려드렸습니다."


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


def test_it_carries_a_letter_around_the_wheel(mail: MailServer, mailbox: Source, lake: Lake):
    member = Member.objects.create_user("a@example.com", name="이서연", role=Role.AGENT)
    mail.deliver(letter("요금 문의", WORDS, charset="cp949", number=7), HELP, sender=CUSTOMER)

    assert flow.turn(mailbox) == 1
    assert flow.turn(Source.objects.get()) == 0, "the same letter is not taken twice"
    assert flow.receive() > 0
    flow.receive()

    case = Case.objects.get()
    question = Message.objects.get(direction=Message.Direction.IN)
    assert case.subject == "요금 문의"
    assert "두 번 빠져나갔어요" in question.body
    assert "1234567" not in question.body
    assert case.clocks.get().outcome == Clock.Outcome.RUNNING

    answer = approve_reply(answers=question.pk, member=member, body=ANSWER, token="one click")
    assert (
        approve_reply(answers=question.pk, member=member, body=ANSWER, token="one click") == answer
    )
    assert deliver_due(limit=5) == 1
    assert deliver_due(limit=5) == 0

    arrived = received(mail)
    assert arrived.get_content().strip().startswith(ANSWER)
    assert arrived["In-Reply-To"] == "<letter-7@example.test>"
    answer.refresh_from_db()
    assert answer.state == Message.State.SENT
    assert case.clocks.get().outcome == Clock.Outcome.MET
    resolve(case=case.pk, member=member)

    run = Run.objects.get()
    assert (run.seen, run.stored) == (1, 1)
    (_version, rows), *_ = list(lake.since(-1))
    assert "1234567" not in json.dumps(rows.to_pylist(), default=str, ensure_ascii=False)

"""Writing and approving an answer: frozen, once, and only where it can be answered."""

from datetime import timedelta

import pytest

from desk import letter, member, now, only_case, post, say, source
from sori.errors import Refused, SaidAlready
from sori.journal.models import Event
from sori.respond import services
from sori.respond.models import Case, Message
from sori.respond.sending import digest
from together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(lake, oracle) -> Message:
    say(lake, letter(oracle))
    return Message.objects.get()


def approve(asked, by=None, body="곧 도착합니다.", **more):
    return services.approve_reply(answers=asked.pk, member=by or member(), body=body, **more)


def test_it_freezes_text_destination_and_account(asked):
    anna = member("안나")

    answer = approve(asked, anna, "  곧 \r\n도착합니다. \r\n")

    assert (answer.state, answer.body) == ("queued", "곧\n도착합니다.")
    assert answer.body_digest == digest("곧\n도착합니다.")
    assert answer.destination["to"] == {"to": "kim@customer.example"}
    assert answer.destination["shown"] == "kim@customer.example"
    assert answer.destination["case"] == only_case().pk
    assert (answer.approved_by, answer.answers) == (anna, asked)
    assert answer.due_at <= now()
    event = Event.objects.latest("pk")
    assert (event.kind, event.member, event.about) == (
        "answer.approved",
        anna,
        f"case:{only_case().pk}",
    )


def test_it_makes_one_answer_of_one_click(asked):
    anna = member()

    answers = {approve(asked, anna, token="click").pk for _ in range(5)}

    assert len(answers) == 1
    assert Event.objects.filter(kind="answer.approved").count() == 1


def test_it_refuses_another_text_for_the_same_click(asked):
    anna = member()
    approve(asked, anna, "하나", token="click")

    with pytest.raises(Refused):
        approve(asked, anna, "둘", token="click")


def test_it_asks_before_it_says_the_same_words_again(asked):
    approve(asked)

    with pytest.raises(SaidAlready):
        approve(asked)

    approve(asked, body="다른 말")
    approve(asked, token="yes, again")


def test_it_does_not_ask_after_half_a_minute(asked):
    answer = approve(asked)
    Message.objects.filter(pk=answer.pk).update(approved_at=now() - timedelta(seconds=31))

    assert approve(asked).pk != answer.pk


@pytest.mark.parametrize("body", ["", " \n\t ", "가" * 50_001])
def test_it_refuses_what_is_no_answer(asked, body):
    with pytest.raises(Refused):
        approve(asked, body=body)


@pytest.mark.parametrize(
    "row",
    [
        {"reply_mode": "none"},
        {"reply_mode": "link"},
        {"reply_address": None},
        {"reply_until": now() - timedelta(minutes=1)},
    ],
)
def test_it_refuses_where_nobody_can_answer(lake, oracle, row):
    say(lake, letter(oracle, **row))

    with pytest.raises(Refused):
        approve(Message.objects.get())


def test_it_does_not_answer_our_own_answers(asked):
    answer = approve(asked)

    with pytest.raises(Message.DoesNotExist):
        approve(answer)


def test_it_keeps_one_draft_of_each_member(asked):
    anna, ben = member(), member()

    first = services.draft_reply(answers=asked.pk, member=anna, body="안")
    again = services.draft_reply(answers=asked.pk, member=anna, body="안녕")
    other = services.draft_reply(answers=asked.pk, member=ben, body="저")

    assert first.pk == again.pk != other.pk
    assert Event.objects.filter(kind="answer.drafted").count() == 2
    assert services.draft_reply(answers=asked.pk, member=anna, body=" ") is None
    assert Message.objects.filter(state="draft").get() == other


def test_it_sends_a_colleagues_draft_under_its_authors_name(asked):
    writer, approver = member("신입"), member("선배")
    draft = services.draft_reply(answers=asked.pk, member=writer, body="초안")

    answer = approve(asked, approver, "고친 초안", draft=draft.pk)

    assert answer.pk == draft.pk
    assert (answer.member, answer.approved_by) == (writer, approver)
    with pytest.raises(Refused):
        approve(asked, approver, "또", draft=draft.pk)


def test_it_takes_back_what_has_not_left(asked):
    anna = member()
    answer = approve(asked, anna, token="click")

    draft = services.cancel_reply(message=answer.pk, member=anna)

    assert (draft.state, draft.due_at) == ("draft", None)
    # the old click, delivered late, must not send it after all
    assert approve(asked, anna, token="click").state == "draft"
    assert approve(asked, anna, "고침", token="new click").pk == draft.pk


def test_it_does_not_take_back_what_a_worker_holds(asked):
    answer = approve(asked)
    Message.objects.filter(pk=answer.pk).update(lease_until=now() + timedelta(minutes=1))

    with pytest.raises(Refused):
        services.cancel_reply(message=answer.pk, member=member())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("token", ["click", None])
def test_it_makes_one_answer_of_a_hundred_clicks_at_once(lake, oracle, token):
    say(lake, letter(oracle))
    asked, anna = Message.objects.get(), member()
    refused = []

    def click() -> None:
        for _ in range(5):
            try:
                approve(asked, anna, token=token)
            except SaidAlready as question:
                refused.append(question)

    at_once(20, click)

    assert Message.objects.filter(direction="out").count() == 1
    assert len(refused) == (0 if token else 99)


def test_it_remembers_an_answer_that_was_given_elsewhere(asked):
    at = asked.at + timedelta(minutes=20)

    answer = services.remember_answer(answers=asked.pk, member=member(), body="전화로 답", at=at)

    case = Case.objects.get()
    clock = case.clocks.get()
    assert (answer.state, case.status) == ("sent", "pending")
    assert (clock.outcome, clock.stopped_at) == ("met", at)


def test_it_answers_the_message_it_was_told_to(lake, oracle):
    say(
        lake,
        letter(oracle),
        letter(oracle, author_id="lee@x.example", reply_address='{"to": "lee@x.example"}'),
    )
    first, second = Message.objects.order_by("pk")

    assert approve(first).destination["to"] == {"to": "kim@customer.example"}
    assert approve(second).destination["to"] == {"to": "lee@x.example"}


def test_it_needs_somewhere_public_or_private(lake, oracle):
    say(lake, post(source(), answer=True))

    with pytest.raises(Refused):
        approve(Message.objects.get())

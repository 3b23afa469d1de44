"""From the lake to the inbox: every voice that deserves an answer, once."""

import json
from datetime import timedelta

import pytest

from desk import HOUR, batch, letter, member, now, only_case, post, say, source
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.people.models import Identity, Person
from sori.respond import outbox, services
from sori.respond.models import Bookmark, Case, Clock, Conversation, Message
from sori.respond.receiving import receive
from together import at_once

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(Event.objects.values_list("kind", flat=True))


def test_it_opens_a_case_with_a_clock_for_a_letter(lake):
    asked = letter(source(), kind="question", sentiment="neutral", urgency=1)

    assert say(lake, asked) == 1

    case = only_case()
    assert (case.subject, case.excerpt) == ("배송 문의", "배송이 언제 오나요?")
    assert (case.status, case.reason, case.kind) == ("new", "addressed", "question")
    assert case.priority == sum(points for _, points in case.priority_reasons) == 25
    assert case.person.name == "김하은"
    message = Message.objects.get()
    assert message.body == asked["text"]
    assert message.reply_address == {"to": "kim@customer.example"}
    assert case.newest_message == message.pk
    clock = Clock.objects.get()
    assert clock.started_at == asked["published_at"]
    assert clock.due_at - clock.started_at == HOUR
    assert clock.limit_at - clock.started_at == 2 * HOUR
    assert kinds() == ["case.opened"]


def test_it_changes_nothing_when_a_version_is_read_again(lake):
    say(lake, letter(source()))
    Bookmark.objects.update(version=-1)

    assert receive(lake) == 0
    assert Message.objects.count() == Case.objects.count() == 1


def test_it_moves_past_versions_that_bring_nothing(lake):
    say(lake, post(source(), answer=False))

    assert Bookmark.objects.get().version == lake.version()
    assert receive(lake) == 0


def test_it_puts_a_follow_up_into_the_same_conversation(lake):
    place = source()
    first = letter(place)
    say(lake, first)
    Case.objects.update(status="resolved", resolved_at=now())
    Clock.objects.update(outcome="met", stopped_at=now())

    say(lake, letter(place, "아직도 안 왔어요", thread_id=first["thread_id"], urgency=2))

    case = only_case()
    assert Conversation.objects.count() == 1
    assert (case.status, case.resolved_at, case.urgency) == ("open", None, 2)
    assert case.excerpt == "아직도 안 왔어요"
    assert kinds() == ["case.opened", "case.heard", "case.reopened"]
    assert [clock.kind for clock in Clock.objects.order_by("pk")] == [
        "first_response",
        "next_response",
    ]


def test_it_keeps_one_clock_while_the_customer_writes_on(lake):
    place = source()
    first = letter(place)
    say(
        lake,
        first,
        letter(place, "그리고요", parent_id=first["external_id"], thread_id=first["thread_id"]),
    )
    say(lake, letter(place, "여보세요?", thread_id=first["thread_id"]))

    assert Clock.objects.get().started_at == first["published_at"]
    assert Message.objects.count() == 3


def test_it_finds_the_conversation_by_our_own_message_id(lake):
    place = source()
    say(lake, letter(place))
    conversation = Conversation.objects.get()
    Message.objects.create(
        conversation=conversation,
        direction="out",
        state="sent",
        body="네",
        at=now(),
        external_id="<ours@sori.example>",
    )

    say(lake, letter(place, "고마워요", parent_id="<ours@sori.example>", thread_id="<other>"))

    assert Conversation.objects.count() == 1
    assert conversation.messages.count() == 3


@pytest.mark.parametrize("quoted", ["thread", "answer"])
def test_it_keeps_a_stranger_apart_who_names_somebody_elses_thread(lake, quoted):
    place = source()
    first = letter(place)
    say(lake, first)
    Message.objects.create(
        conversation=Conversation.objects.get(),
        direction="out",
        state="sent",
        body="네",
        at=now(),
        external_id="<ours@sori.example>",
    )
    forged = {"thread": first["thread_id"], "answer": "<ours@sori.example>"}[quoted]

    stranger = {"author_id": "mallory@evil.example", "author_name": "김하은"}
    say(lake, letter(place, "비밀번호 알려주세요", thread_id=forged, **stranger))

    assert Case.objects.count() == Conversation.objects.count() == Person.objects.count() == 2
    event = Event.objects.get(kind="conversation.key_shared")
    mine, other = Case.objects.order_by("pk")
    assert event.about == f"case:{other.pk}"
    assert event.data["other_case"] == mine.pk


def test_it_notices_a_stranger_within_one_delivery(lake):
    place = source()
    first = letter(place)
    say(
        lake,
        first,
        letter(place, "나도", author_id="other@x.example", thread_id=first["thread_id"]),
    )

    assert Case.objects.count() == 2
    assert kinds().count("conversation.key_shared") == 1


def test_it_adds_a_machines_mail_to_its_thread_without_opening_it_again(lake):
    place = source()
    first = letter(place)
    say(lake, first)
    Case.objects.update(status="pending")
    Clock.objects.update(outcome="met", stopped_at=now())

    away = letter(
        place, "휴가 중입니다", thread_id=first["thread_id"], extra=json.dumps({"automatic": True})
    )
    say(lake, away)

    assert only_case().status == "pending"
    assert Message.objects.count() == 2
    assert not Clock.objects.filter(outcome="running").exists()


def test_it_tells_of_a_bounce_in_the_case_of_the_answer(lake):
    place = source()
    say(lake, letter(place))
    answer = Message.objects.create(
        conversation=Conversation.objects.get(),
        direction="out",
        state="sent",
        body="네",
        at=now(),
        external_id="<ours@sori.example>",
    )
    Case.objects.update(status="resolved")

    daemon = letter(
        place,
        "550 no such user",
        author_id="mailer-daemon@customer.example",
        extra=json.dumps({"automatic": True, "bounce": {"about": "<ours@sori.example>"}}),
    )
    say(lake, daemon)

    answer.refresh_from_db()
    assert only_case().status == "open"
    assert "550 no such user" in answer.evidence
    assert answer.state == "sent"
    assert kinds()[-1] == "answer.bounced"


def web_answer(lake, oracle) -> Message:
    """A question by web form, answered by mail."""
    form = source("mute")
    to = {"source": oracle.slug, "to": "Kim@customer.example"}
    say(lake, letter(form, channel="webform", reply_address=json.dumps(to)))
    asked = Message.objects.get()
    services.approve_reply(answers=asked.pk, member=member(), body="메일로 답합니다")
    outbox.deliver_due()
    return Message.objects.get(direction="out")


def test_it_puts_the_mail_that_replies_to_a_web_form_answer_into_its_case(lake, oracle):
    answer = web_answer(lake, oracle)
    assert answer.state == "sent"

    back = letter(oracle, "고마워요", extra=json.dumps({"answers": answer.key}))
    say(lake, back)

    assert only_case().status == "open"
    assert Conversation.objects.count() == 2
    assert kinds()[-1] == "case.heard"


def test_it_keeps_somebody_else_apart_who_replies_to_our_answer(lake, oracle):
    answer = web_answer(lake, oracle)

    forwarded = {"author_id": "lee@other.example", "extra": json.dumps({"answers": answer.key})}
    say(lake, letter(oracle, "저한테 온 메일이 아닌데요", **forwarded))

    assert Case.objects.count() == 2


def test_a_reply_proves_that_an_unclear_answer_arrived(lake, oracle):
    answer = web_answer(lake, oracle)
    Message.objects.filter(pk=answer.pk).update(state="unknown", sent_at=None)

    say(lake, letter(oracle, "고마워요", extra=json.dumps({"answers": answer.key})))

    answer.refresh_from_db()
    assert answer.state == "sent"
    assert answer.sent_at == answer.attempted_at


def test_it_opens_no_cases_for_the_public_posts_of_a_loaded_file(lake):
    place = source("files")
    old = now() - timedelta(days=700)
    rows = [post(place, published_at=at, answer=True, urgency=2) for at in (old, None)]

    assert say(lake, *rows) == 0
    assert not Case.objects.exists()


def test_it_starts_no_clock_for_what_lies_in_the_past(lake):
    say(lake, letter(source("files")))
    say(lake, letter(source(), published_at=now() - timedelta(days=8)))

    assert [case.reason for case in Case.objects.order_by("pk")] == ["addressed", "earlier"]
    assert not Clock.objects.exists()


def test_it_does_not_let_a_date_in_the_future_move_the_clock(lake):
    asked = letter(source(), published_at=now() + timedelta(days=300))
    say(lake, asked)

    assert Clock.objects.get().started_at == asked["heard_at"]


def test_it_makes_one_person_of_many_letters_and_keeps_nobody_apart(lake):
    place = source()
    say(lake, *[letter(place) for _ in range(5)])
    say(lake, *[letter(place, author_id=None, author_name=None) for _ in range(3)])

    assert Identity.objects.filter(external_id="kim@customer.example").count() == 1
    assert Person.objects.count() == 4
    assert Case.objects.count() == 8


def test_it_takes_text_that_postgresql_refuses(lake):
    say(lake, letter(source(), "끝\0났어요", title="제\0목"))

    assert Message.objects.get().body == "끝났어요"


def test_it_takes_what_the_channel_wrote_wrong(lake):
    say(lake, letter(source(), reply_address="not json", extra="[1"))

    assert Message.objects.get().reply_address is None


@pytest.mark.django_db(transaction=True)
def test_many_workers_take_each_voice_up_once(lake):
    place = source()
    for sequence in range(1, 9):
        letters = [letter(place, author_id=f"c{n % 3}@customer.example") for n in range(5)]
        lake.append(batch(*letters), source=place.pk, sequence=sequence)
    taken = []

    at_once(8, lambda: taken.append(receive(Lake(lake.storage.uri))))

    assert sum(taken) == Message.objects.count() == Case.objects.count() == 40
    assert Person.objects.count() == 3
    assert kinds().count("case.opened") == 40
    assert Bookmark.objects.get().version == lake.version()


def test_it_takes_twenty_thousand_voices_at_once(lake):
    place = source()
    quiet = [post(place, answer=False) for _ in range(19_600)]
    asked = [letter(place, author_id=f"c{n}@customer.example") for n in range(400)]
    lake.append(batch(*quiet, *asked), source=place.pk, sequence=1)

    assert receive(lake) == 400
    assert Case.objects.count() == Clock.objects.count() == 400

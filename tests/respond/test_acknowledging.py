"""Acknowledge and promise: in our words alone, once, kept or broken by the time it names."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from desk import HOUR, letter, member, now, only_case, say
from sori.errors import Refused
from sori.journal.models import Event
from sori.respond import figures, outbox, reminding, services
from sori.respond.acknowledging import times, words
from sori.respond.clock_models import Promise, Reminder
from sori.respond.models import Clock, Message
from sori.respond.policies import hours
from sori.staff.models import Role
from working_hours import office, seoul

pytestmark = pytest.mark.django_db
TOKEN = "t" * 22
MINUTE = timedelta(minutes=1)


@pytest.fixture
def asked(lake, oracle) -> Message:
    """A question that can be answered."""
    say(lake, letter(oracle, "환불은 언제 되나요?", author_name="http://evil.example"))
    return Message.objects.get()


def promise(asked: Message, *, ahead: timedelta = 2 * HOUR, token: str = TOKEN, by=None) -> Promise:
    return services.acknowledge(
        answers=asked.pk, member=by or member("이서연"), due_at=now() + ahead, token=token
    )


def clock(kind: str) -> Clock:
    return Clock.objects.get(kind=kind)


def answer(asked: Message, at) -> None:
    services.remember_answer(answers=asked.pk, member=member(), body="환불했습니다", at=at)


def test_it_stops_the_first_clock_and_starts_a_promise(asked):
    made = promise(asked)
    assert clock("first_response").outcome == "running"
    assert not Clock.objects.filter(kind="promise").exists()

    outbox.deliver_due()

    assert clock("first_response").outcome == "met"
    assert (clock("promise").due_at, clock("promise").outcome) == (made.due_at, "running")
    assert only_case().status == "open"
    assert Event.objects.get(kind="promise.made").data["promise"] == made.pk


def test_it_speaks_in_our_words_alone(asked):
    made = promise(asked)
    sent = Message.objects.get(direction="out")

    assert sent.body == made.text
    assert "이서연" in made.text
    for theirs in ("evil", "환불", "kim@"):
        assert theirs not in made.text
    assert sent.approved_by == made.member
    assert sent.reply_until == made.due_at


def test_it_speaks_the_language_of_whoever_asked():
    anna = member("Anna")
    at = seoul("2026-11-30 17:00")

    with time_machine.travel(seoul("2026-11-28 12:00"), tick=False):
        assert words(anna, at, "en").endswith("You will hear from me by 5 p.m. on November 30.")
    with time_machine.travel(seoul("2026-11-30 12:00"), tick=False):
        assert words(anna, at, "en").endswith("by 5 p.m. today.")
        assert "오늘 오후 5:00까지" in words(anna, at, "ko")


def test_it_leaves_a_draft_alone(asked):
    anna = member("안나")
    services.draft_reply(answers=asked.pk, member=anna, body="아직 쓰는 중")

    promise(asked, by=anna)

    assert Message.objects.get(state="draft").body == "아직 쓰는 중"


def test_the_same_click_promises_once(asked):
    anna, at = member("이서연"), now() + HOUR

    def click() -> Promise:
        return services.acknowledge(answers=asked.pk, member=anna, due_at=at, token=TOKEN)

    assert click() == click()
    assert Message.objects.filter(direction="out").count() == 1


def test_nobody_promises_twice_or_what_cannot_be(asked):
    for ahead in (-MINUTE, timedelta(days=31)):
        with pytest.raises(Refused):
            promise(asked, ahead=ahead)
    promise(asked)
    with pytest.raises(Refused):
        promise(asked, token="u" * 22, ahead=3 * HOUR)
    outbox.deliver_due()
    with pytest.raises(Refused):
        promise(asked, token="v" * 22, ahead=3 * HOUR)
    assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.parametrize(("minutes", "kept"), [(119, True), (121, False)])
def test_an_answer_by_its_time_keeps_it(asked, minutes, kept):
    made = promise(asked)
    outbox.deliver_due()

    answer(asked, made.due_at - 120 * MINUTE + minutes * MINUTE)

    assert clock("promise").outcome == ("met" if kept else "missed")
    assert only_case().status == "pending"
    word = "promise.kept" if kept else "promise.broken"
    assert Event.objects.filter(kind=word).count() == 1


def test_it_is_broken_when_its_time_has_passed(asked):
    made = promise(asked)
    outbox.deliver_due()

    assert figures.promises(since=now() - HOUR) == {"due": 0, "kept": 0, "broken": 0}
    with time_machine.travel(made.due_at + MINUTE):
        assert figures.promises(since=now() - HOUR) == {"due": 1, "kept": 0, "broken": 1}
        answer(asked, now())
        assert figures.promises(since=now() - HOUR) == {"due": 1, "kept": 0, "broken": 1}


def test_a_supervisor_hears_of_a_broken_promise(asked):
    boss = member("팀장", Role.SUPERVISOR)
    made = promise(asked)
    outbox.deliver_due()
    Reminder.objects.filter(clock__kind="promise").update(due_at=seoul("2020-01-01 00:00"))

    with time_machine.travel(made.due_at + MINUTE):
        reminding.remind_due()

    told = Event.objects.get(kind="clock.escalated").data
    assert (told["clock_kind"], told["to"]) == ("promise", [boss.pk])


def test_taking_it_back_takes_the_promise_back(asked):
    promise(asked)

    services.cancel_reply(message=Message.objects.get(direction="out").pk, member=member())

    assert not Promise.objects.exists()
    assert not Message.objects.filter(direction="out").exists()
    assert clock("first_response").outcome == "running"


def test_it_is_not_sent_after_the_time_it_names(asked):
    made = promise(asked)

    with time_machine.travel(made.due_at + MINUTE):
        outbox.deliver_due()

    assert Message.objects.get(direction="out").state == "rejected"
    assert not Promise.objects.exists()
    assert clock("first_response").outcome == "running"


def test_the_matter_cannot_be_settled_over_a_promise(asked):
    promise(asked)
    outbox.deliver_due()
    case, anna = only_case().pk, member()

    with pytest.raises(Refused):
        services.resolve(case=case, member=anna)
    services.decide_no_answer(case=case, member=anna, reason="elsewhere")

    assert clock("promise").outcome == "missed"


def test_it_offers_times_at_which_somebody_works():
    calendar = hours(office())

    offered = times(seoul("2026-11-27 16:50"), calendar)

    wanted = ["2026-11-30 10:00", "2026-11-30 12:00", "2026-11-30 16:00"]
    assert offered == [seoul(one) for one in wanted]
    assert all(at.utcoffset() == timezone.localtime(at).utcoffset() for at in offered)

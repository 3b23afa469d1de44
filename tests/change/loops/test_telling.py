"""Everybody who raised it is told once: in their thread, by mail, or listed with a reason."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import loops_of as loops
from desk import member, now, only_case, say, source
from sori.change.ideas import services as ideas
from sori.change.ideas.taking_part import Actor, propose, vote
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.loops import audience, composing, handing, services
from sori.change.loops.models import Heard, LoopNotice, Telling
from sori.change.loops.wording import Text
from sori.errors import Refused
from sori.journal.models import Event
from sori.lake.query import Reader
from sori.people.merging import merge
from sori.people.models import Erasure, Identity, Person
from sori.portrait import erasing
from sori.respond import answering, joining, outbox
from sori.respond.models import Case, Clock, Message
from sori.respond.services import decide_no_answer
from sori.staff.models import Role

pytestmark = pytest.mark.django_db


def crowd(lake, made):
    return audience.everybody(Reader(lake), made)


def test_it_tells_each_where_they_spoke_by_name_in_their_thread(lake, chat):
    made = loops.initiative(lake, loops.voice(chat, "kim"), loops.voice(chat, "lee"))

    telling = loops.approved(lake, made)
    loops.tell_all(telling)

    assert loops.received() == {"kim": 1, "lee": 1}
    first = loops.notices()[0]
    assert first.body.startswith("kim 님님, ")
    assert first.body.endswith("어두운 화면, 이제 됩니다.\n\n한지우 드림")
    assert first.answers.conversation_id == first.conversation_id
    assert first.state == "sent"
    telling.refresh_from_db()
    made.refresh_from_db()
    assert (telling.state, made.stage) == ("done", "told")
    assert made.told_at


def test_it_tells_a_customer_for_whom_somebody_voted_in_their_case(lake, chat):
    made = loops.initiative(lake)
    say(lake, loops.voice(chat, "kim"))
    case = only_case()
    board = ideas.keep_board(member=None, name="서비스 개선")
    colleague = Actor(None, made.owner, "ko")
    idea = propose(actor=colleague, board=board, title="어두운 화면", body="", key="dark")
    vote(actor=Actor(case.person, None, "ko"), idea=idea, by=made.owner, case=case.pk)
    later = loops.voice(chat, "kim", thread_id="other") | {"text": "그리고 배송은 언제 오나요?"}
    say(lake, later)
    Evidence.objects.create(initiative=made, sort="idea", key=str(idea.pk), added_at=now())

    [one] = crowd(lake, made)
    loops.tell_all(loops.approved(lake, made))

    assert one.raised.words.startswith("검은 화면이 있으면")
    assert loops.received() == {"kim": 1}


def test_a_vote_leads_to_its_case_also_after_that_was_joined(lake, chat):
    made = loops.initiative(lake)
    say(lake, loops.voice(chat, "kim", thread_id="one"))
    say(lake, loops.voice(chat, "kim", thread_id="two"))
    first, second = Case.objects.order_by("pk")
    board = ideas.keep_board(member=None, name="서비스 개선")
    colleague = Actor(None, made.owner, "ko")
    idea = propose(actor=colleague, board=board, title="어두운 화면", body="", key="dark")
    vote(actor=Actor(first.person, None, "ko"), idea=idea, by=made.owner, case=first.pk)
    joining.join(case=first.pk, into=second.pk, member=made.owner)
    Evidence.objects.create(initiative=made, sort="idea", key=str(idea.pk), added_at=now())

    assert [one.name for one in crowd(lake, made)] == ["kim 님"]


def test_a_notice_moves_no_case_and_no_clock(lake, chat):
    made = loops.initiative(lake, loops.voice(chat, "kim"))
    case = only_case()
    running = Clock.objects.filter(outcome="running").count()

    loops.tell_all(loops.approved(lake, made))

    assert Clock.objects.filter(outcome="running").count() == running > 0
    case.refresh_from_db()
    assert case.status == "new"
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert "loop.sent" in kinds
    assert kinds.isdisjoint({"answer.sent", "answer.approved", "case.reopened", "clock.stopped"})


def test_a_settled_case_stays_settled_also_when_the_notice_fails(lake, chat):
    chat.settings |= {"script": ["refuse"]}
    chat.save()
    made = loops.initiative(lake, loops.voice(chat, "kim"))
    decide_no_answer(case=only_case().pk, member=member(), reason="nothing_to_add")

    telling = loops.approved(lake, made)
    loops.tell_all(telling)

    assert only_case().status == "resolved"
    assert loops.notices()[0].state == "rejected"
    assert Event.objects.filter(kind="loop.failed").count() == 1


def test_praise_that_nobody_had_to_answer_is_answered_in_a_closed_case(lake, chat):
    made = loops.initiative(lake, loops.public(chat, "park"))
    assert not Case.objects.exists()

    loops.tell_all(loops.approved(lake, made))

    assert loops.received() == {"park": 1}
    assert (only_case().status, only_case().reason) == ("closed", "news")
    assert not Clock.objects.exists()
    assert not Event.objects.filter(kind="case.opened").exists()


def test_one_person_with_three_accounts_hears_once_where_they_spoke_last(lake, channels):
    chats = [loops.place(name) for name in ("forum", "chat", "email")]
    rows = [
        loops.voice(one, f"kim{number}", published_at=now() - timedelta(hours=number + 1))
        for number, one in enumerate(chats)
    ]
    made = loops.initiative(lake, *rows)
    for number in (1, 2):
        merge(person=loops.person(f"kim{number}"), into=loops.person("kim0"), member=member())

    telling = loops.approved(lake, made)
    loops.tell_all(telling)

    assert loops.received() == {"kim0": 1}
    states = telling.notices.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["handed", "covered", "covered"]
    assert Heard.objects.count() == 3


def test_it_falls_back_to_a_mail_that_somebody_made_sure_of(lake, chat):
    loops.mailbox()
    blog = source("mute")
    mute = {"channel": "mute", "reply_mode": "none", "addressed": True}
    made = loops.initiative(
        lake, loops.voice(blog, "sure", **mute), loops.voice(blog, "doubtful", **mute)
    )
    for account, verified in (("sure", True), ("doubtful", False)):
        Identity.objects.create(
            person_id=loops.person(account),
            channel="email",
            external_id=f"{account}@x.kr",
            verified=verified,
            first_seen_at=now(),
        )

    telling = loops.approved(lake, made)
    loops.tell_all(telling)

    assert loops.received() == {"sure@x.kr": 1}
    mail = loops.notices()[0]
    assert mail.destination["to"]["opens"] is True
    assert mail.conversation.case.person_id == loops.person("sure")
    assert telling.notices.get(state="left").why == "unverified"


@pytest.mark.parametrize(
    ("wish", "why"), [({"objection": True}, "objection"), ({"consent": False}, "no_news")]
)
def test_it_respects_what_they_wish_also_in_the_last_moment(lake, chat, wish, why):
    made = loops.initiative(lake, loops.voice(chat, "kim"), loops.voice(chat, "lee"))
    Person.objects.filter(pk=loops.person("kim")).update(**wish)
    telling = loops.approved(lake, made)
    Person.objects.filter(pk=loops.person("lee")).update(**wish)

    loops.tell_all(telling)

    assert not loops.received()
    assert set(telling.notices.values_list("state", "why")) == {("left", why)}


def test_it_says_when_the_time_to_answer_is_over(lake, chat):
    over = loops.voice(chat, "kim", reply_until=now() - timedelta(minutes=1))
    made = loops.initiative(lake, over)

    [one] = crowd(lake, made)

    assert (one.way.via, one.way.why) == ("", "closed")
    with pytest.raises(Refused):
        loops.approved(lake, made)


def test_our_own_voices_and_machines_are_nobody(lake, chat):
    own = loops.voice(chat, "us", extra=json.dumps({"own": True}))
    machine = loops.voice(chat, "robot", extra=json.dumps({"automatic": True}))

    assert not crowd(lake, loops.initiative(lake, own, machine))


def test_each_reads_their_language_and_what_fits_their_channel(lake, channels):
    narrow, chat = loops.place("narrow"), loops.place("chat")
    made = loops.initiative(lake, loops.voice(narrow, "kim"), loops.voice(chat, "joe"))
    people = {one.raised.said.key[1]: one for one in crowd(lake, made)}
    telling = loops.written(made)
    english = replace(people["joe"], language="en")
    long = composing.letter(telling, composing.about(english), made.owner)
    short = composing.letter(telling, composing.about(people["kim"]), made.owner)

    assert long.text.startswith("Dear joe 님, you wrote to us on ")
    assert (short.size, short.text) == ("short", "kim 님님, 어두운 화면 이제 됩니다!")
    assert short.used == len(short.text)
    assert short.longest == 40


def test_it_refuses_what_no_channel_would_take(lake, channels):
    made = loops.initiative(lake, loops.voice(loops.place("narrow"), "kim"))
    with pytest.raises(Refused, match="too long"):
        loops.approved(lake, made, texts={"ko": replace(loops.KOREAN, short="{고객}" + "길" * 60)})


@pytest.mark.parametrize(
    "text",
    [{}, {"body": ""}, {"body": "이제 됩니다"}, {"body": "{고객} {누구}"}],
)
def test_it_refuses_a_text_without_a_name_or_with_a_place_nobody_can_fill(lake, chat, text):
    made = loops.initiative(lake, loops.voice(chat, "kim"))
    with pytest.raises(Refused):
        loops.written(made, texts={"ko": Text(**text)})


def test_there_is_nothing_to_tell_before_it_is_shipped_or_declined(lake, chat):
    made = loops.initiative(
        lake, loops.voice(chat, "kim"), stage=Initiative.Stage.DOING, shipped_at=None
    )
    with pytest.raises(Refused, match="nothing to tell"):
        loops.written(made)
    made.decision = Initiative.Decision.NO
    made.save()
    assert loops.written(made).outcome == "no"


def test_it_is_told_only_to_the_list_that_was_looked_at(lake, chat):
    made = loops.initiative(lake, loops.voice(chat, "kim"))
    telling = loops.written(made)
    with pytest.raises(Refused, match="changed"):
        services.approve(Reader(lake), telling=telling, member=made.owner, expected=2)
    assert not LoopNotice.objects.exists()


def test_who_raises_it_later_is_told_by_the_same_telling(lake, chat):
    made = loops.initiative(lake, loops.voice(chat, "kim"))
    telling = loops.approved(lake, made)
    loops.tell_all(telling)
    say(lake, loops.voice(chat, "late"), loops.voice(chat, "kim"))
    loops.asked_for(made, lake)
    again = loops.approved(lake, made)
    loops.tell_all(again)

    assert again.pk == telling.pk
    assert loops.received() == {"kim": 1, "late": 1}


def test_it_stops_takes_back_and_goes_on(lake, chat):
    made = loops.initiative(lake, *[loops.voice(chat, f"k{n}") for n in range(4)])
    telling = loops.approved(lake, made)
    for _ in range(2):
        loops.time_passes()
        handing.hand_due()
    assert len(loops.notices()) == 4 - telling.notices.filter(state="waiting").count() > 1
    outbox.deliver_due(limit=1)

    taken = services.stop(telling=telling, member=made.owner)

    assert taken == len(loops.notices()) + taken - 1 > 0
    assert handing.hand_due() == 0
    assert outbox.deliver_due() == 0
    telling.refresh_from_db()
    services.go_on(telling=telling, member=made.owner)
    telling.refresh_from_db()
    loops.tell_all(telling)
    assert loops.received() == {f"k{n}": 1 for n in range(4)}


def test_a_worker_that_was_stopped_meanwhile_tells_nobody(lake, chat):
    made = loops.initiative(lake, loops.voice(chat, "kim"))
    telling = loops.approved(lake, made)
    services.stop(telling=telling, member=made.owner)

    assert handing.hand_due() == 0
    assert not loops.notices()


def test_it_waits_while_outgoing_answers_are_held(lake, chat):
    made = loops.initiative(lake, loops.voice(chat, "kim"))
    telling = loops.approved(lake, made)
    answering.hold_outgoing(reason="restored")

    loops.time_passes()
    assert handing.hand_due() == 0
    telling.refresh_from_db()
    assert telling.due_at > now()
    assert not loops.notices()


def test_it_is_quiet_at_night(lake, chat, time_machine):
    made = loops.initiative(lake, loops.voice(chat, "kim"))
    telling = loops.approved(lake, made, quiet=(21 * 60, 8 * 60))
    zone = ZoneInfo("Asia/Seoul")
    Telling.objects.update(due_at=datetime(2026, 1, 1, tzinfo=zone))
    time_machine.move_to(datetime(2026, 11, 30, 22, 0, tzinfo=zone), tick=False)
    assert handing.hand_due() == 0
    telling.refresh_from_db()
    assert telling.due_at == datetime(2026, 12, 1, 8, 0, tzinfo=zone)


def test_a_channel_is_not_flooded(lake, chat):
    made = loops.initiative(lake, *[loops.voice(chat, f"k{n}") for n in range(30)])
    telling = loops.approved(lake, made, per_minute=24)
    counts = []
    for _ in range(3):
        loops.time_passes()
        counts.append(handing.hand_due())
        Telling.objects.update(due_at=now() - timedelta(seconds=1), lease_until=None)
        assert handing.hand_due() == 0, "not before the channel has rested"
    assert counts == [1, 2, 2]
    assert telling.notices.filter(state="handed").count() == 5


def test_somebody_who_is_erased_meanwhile_is_not_told_and_leaves_no_trace(lake, chat, home):
    made = loops.initiative(lake, loops.voice(chat, "kim"), loops.voice(chat, "lee"))
    telling = loops.approved(lake, made)
    loops.time_passes()
    handing.hand_due()
    told = telling.notices.get(state="handed")
    for one in telling.notices.all():
        erasing.begin(person=one.person_id, member=member(role=Role.ADMIN))
    while outbox.deliver_due():
        pass
    while erasing.erase_due():
        Erasure.objects.filter(finished_at=None).update(due_at=now(), lease_until=None)
    loops.tell_all(telling)

    assert len(loops.notices()) == 0
    assert not Heard.objects.exists()
    told.refresh_from_db()
    assert (told.state, told.identity_id, told.mention) == ("handed", None, "")
    assert telling.notices.exclude(pk=told.pk).get().why == "erased"


def test_an_answer_to_a_notice_is_a_voice_like_any_other(lake, chat):
    made = loops.initiative(lake, loops.public(chat, "park"))
    loops.tell_all(loops.approved(lake, made))
    sent = loops.notices()[0]

    say(lake, loops.voice(chat, "park", parent_id=sent.external_id, thread_id=None))

    case = only_case()
    assert case.status == "open"
    assert Message.objects.filter(conversation__case=case, direction="in").count() == 2

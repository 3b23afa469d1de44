"""After "Send" there is a moment to take it back; an answer can also be sent at a time."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone, translation

from desk import HTMX, answers, form_of, member, opened, path, signed_in
from sori.errors import Refused
from sori.respond import answering, later, outbox
from sori.respond.models import Message

pytestmark = pytest.mark.django_db


def in_time(**span):
    return timezone.now() + timedelta(**span)


def approve(asked, **how):
    return answering.approve_reply(answers=asked.pk, member=member(), body="곧 갑니다", **how)


def test_it_waits_for_a_moment_in_which_it_can_be_taken_back(lake):
    answer = approve(opened(lake), pause=timedelta(seconds=10))

    assert timedelta(seconds=5) < answer.due_at - timezone.now() <= timedelta(seconds=10)
    assert outbox.deliver_due() == 0
    assert answering.cancel_reply(message=answer.pk, member=member()).state == "draft"


def test_it_goes_out_at_its_time_and_not_before(lake):
    at = in_time(hours=3)
    answer = approve(opened(lake), pause=timedelta(seconds=10), at=at)

    assert answer.due_at == at
    assert outbox.deliver_due() == 0
    Message.objects.filter(pk=answer.pk).update(due_at=in_time(seconds=-1))
    outbox.deliver_due()
    assert Message.objects.get(pk=answer.pk).state != "queued"


@pytest.mark.parametrize(
    ("span", "why"),
    [({"seconds": -1}, "passed"), ({"days": 91}, "90 days"), ({"hours": 2}, "then")],
)
def test_it_refuses_a_time_at_which_it_could_not_go_out(lake, span, why):
    asked = opened(lake, reply_until=in_time(hours=1))
    with translation.override("en"), pytest.raises(Refused, match=why):
        approve(asked, at=in_time(**span))
    assert answers() == []


def test_it_is_chosen_with_one_click(lake, settings):
    settings.UNDO_SEND = timedelta(seconds=10)
    asked, browser = opened(lake), signed_in()
    at = later.later()[-1].at

    browser.post(
        path(asked, "reply"),
        form_of(browser, asked) | {"body": "내일 봬요", "at": at.isoformat(), "on": ""},
    )

    (answer,) = answers()
    assert (answer.due_at, answer.state) == (at, "queued")
    page = browser.get(f"/inbox/{asked.conversation.case_id}/").content.decode()
    assert "Goes out to" in page


def test_it_goes_now_unless_the_own_time_was_meant(lake, settings):
    settings.UNDO_SEND = timedelta(seconds=10)
    asked, browser = opened(lake), signed_in()
    form = form_of(browser, asked) | {"on": "2999-01-01T09:00"}

    browser.post(path(asked, "reply"), form | {"body": "지금"})

    (answer,) = answers()
    assert answer.due_at < in_time(seconds=11)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("said", ["", "tomorrow", "2001-01-01T09:00"])
def test_it_asks_for_a_time_that_makes_sense_and_keeps_the_words(lake, headers, said):
    asked, browser = opened(lake), signed_in()
    form = form_of(browser, asked) | {"body": "잃지 마세요", "then": "later", "on": said}

    response = browser.post(path(asked, "reply"), form, headers=headers)

    assert response.status_code == 422
    assert ">잃지 마세요</textarea>" in response.content.decode()
    assert answers() == []


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-25T10:30:00+09:00", ["11:30", "18:00", "09:00", "09:00"]),
        ("2026-11-25T17:30:00+09:00", ["18:30", "09:00", "09:00"]),
        ("2026-11-29T10:30:00+09:00", ["11:30", "18:00", "09:00"]),
    ],
)
def test_it_offers_moments_of_the_companys_day(now, words):
    found = later.later(datetime.fromisoformat(now))

    assert [f"{timezone.localtime(one.at):%H:%M}" for one in found] == words
    assert [one.at for one in found] == sorted(one.at for one in found)

"""One case as a page: hostile words are harmless, files are safe, nothing foreign is shown."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import HTMX, letter, member, opened, say, signed_in, source
from sori.lake.attachments import Attachments
from sori.respond import services
from sori.respond.models import Message, Reading
from sori.respond.selectors import case_row
from sori.staff.models import Role

pytestmark = pytest.mark.django_db


def page_of(message: Message, browser: Client | None = None, **headers: str) -> str:
    path = f"/inbox/{message.conversation.case_id}/"
    response = (browser or signed_in()).get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "</textarea><script>alert(1)</script>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "<a href='javascript:alert(1)'>click</a>",
    "<details open ontoggle=alert(1)>",
    "<div hx-get=/evil hx-trigger=load>",
    'https://example.com/"onmouseover=alert(1)',
    "https://good.example@evil.example/",
    "http://[::1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_it_writes_hostile_words_as_text(lake, text):
    page = page_of(opened(lake, text=text, title=text, author_name=text, url=text))

    for made in (r"<script[^>]*>alert", r"<img src=x", r"<svg onload", r"<div hx-get=/evil"):
        assert not re.search(made, page)
    assert not re.search(r'(?:href|src)="(?!https?://|/|#|\?|data:image)', page)
    assert not re.search(r"<[^>]+\son(mouseover|error|load|toggle)=", page)
    assert 'href="https://good.example@' not in page
    if "{{" in text:
        assert "{{ 7*7 }}" in page


def test_it_shows_links_with_their_host_and_lets_them_know_nothing(lake):
    page = page_of(opened(lake, text="보세요: https://track.example.com/9982?no=1 입니다."))
    link = re.search(r'<a class="out"[^>]+>([^<]+)</a>', page)
    assert link[1] == "https://track.example.com/9982?no=1"
    assert 'rel="noopener noreferrer nofollow ugc"' in link[0]
    assert "Leads to track.example.com" in link[0]


def test_it_folds_long_words_quotes_and_abuse(lake):
    long = page_of(opened(lake, text="긴 글입니다.\n" * 80 + "\n> 인용 하나\n> 인용 둘\n"))
    assert "Read on (" in long
    assert "Quoted text" in long
    insult = page_of(opened(lake, text="이 나쁜 것들", abuse=True, author_id="b@x.kr"))
    assert re.search(r'<details class="fold abuse">.*이 나쁜 것들', insult, re.S)


def test_it_tells_everything_in_one_timeline_by_day(lake):
    asked = opened(lake, published_at=timezone.now() - timedelta(days=1, minutes=5))
    colleague = member("박도윤", Role.SUPERVISOR)
    case = asked.conversation.case_id
    services.assign(case=case, member=colleague, owner=colleague)
    services.write_note(case=case, member=colleague, body="내부에서만 봅니다")
    services.approve_reply(answers=asked.pk, member=colleague, body="확인했습니다")

    page = page_of(asked)

    places = [page.index(text) for text in ("배송이 언제", "took it", "내부에서만", "확인했습니다")]
    assert places == sorted(places)
    assert page.count('class="day"') == 2
    assert "Waiting to be sent to kim@customer.example" in page


def test_it_marks_the_case_as_read_for_this_member_alone(lake):
    asked = opened(lake)
    case, reader, other = asked.conversation.case_id, member(), member()
    page_of(asked, signed_in(reader))

    assert not case_row(case, member=reader.pk)["unread"]
    assert case_row(case, member=other.pk)["unread"]
    assert Reading.objects.count() == 1


def test_it_sends_parts_to_htmx(lake):
    asked = opened(lake)
    whole = page_of(asked)
    assert whole.count("<html") == 1
    for target in ("opened", "timeline", "composer"):
        part = page_of(asked, **HTMX, **{"HX-Target": target})
        assert "<html" not in part
        assert len(part) < len(whole)
    again = page_of(asked, **HTMX, **{"HX-Target": "timeline"})
    assert 'id="reply-body"' not in again  # what is being written is left alone
    assert 'id="head" hx-swap-oob' in again


def test_it_shows_older_turns_on_demand(lake):
    asked = opened(lake)
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            conversation=asked.conversation,
            direction="in",
            state="received",
            body=f"말 {number}.",
            at=now + timedelta(seconds=number),
        )
        for number in range(250)
    )
    browser = signed_in()
    page = page_of(asked, browser)
    assert "말 249." in page
    assert "말 20." not in page

    path = re.search(r'id="earlier" href="([^"]+)"', page)[1]
    earlier = browser.get(path, headers={**HTMX, "HX-Target": "earlier"}).content.decode()

    assert "말 20." in earlier
    assert "말 249." not in earlier


def test_it_asks_as_often_for_a_long_thread_as_for_a_short_one(lake):
    asked = opened(lake)
    browser = signed_in()
    path = f"/inbox/{asked.conversation.case_id}/?tab=open"
    browser.get(path)
    with CaptureQueriesContext(connection) as short:
        browser.get(path)
    for number in range(40):
        services.write_note(case=asked.conversation.case_id, member=member(), body=f"{number}")
    with CaptureQueriesContext(connection) as long:
        browser.get(path)
    assert len(long) == len(short) <= 44


def test_it_hands_out_a_file_to_be_saved_and_nothing_else(lake, home):
    digest = Attachments(settings.FILES).put(b"<script>alert(1)</script>")
    asked = opened(lake)
    asked.attachments = [
        {
            "digest": digest,
            "name": "../../송장\u202egpj.html",
            "media_type": "text/html",
            "size": 25,
        }
    ]
    asked.save()
    browser = signed_in()
    case = asked.conversation.case_id

    response = browser.get(f"/inbox/{case}/files/{asked.pk}/0/")

    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert ".." not in response["Content-Disposition"].replace("..html", "")
    assert "%E2%80%AE" not in response["Content-Disposition"]
    assert "송장gpj.html" in page_of(asked)


def test_it_hands_out_no_file_of_another_case_or_none(lake, home):
    digest = Attachments(settings.FILES).put(b"secret")
    asked = opened(lake, author_id="a@x.kr")
    asked.attachments = [{"digest": digest, "name": "a.txt"}, {"digest": "../../etc/passwd"}, "odd"]
    asked.save()
    other = opened(lake, author_id="b@x.kr")
    browser = signed_in()
    mine, theirs = asked.conversation.case_id, other.conversation.case_id

    found = browser.get(f"/inbox/{mine}/files/{asked.pk}/0/")
    assert found.status_code == 200
    assert b"".join(found.streaming_content) == b"secret"
    for path in (
        f"/inbox/{theirs}/files/{asked.pk}/0/",
        f"/inbox/{mine}/files/{asked.pk}/1/",
        f"/inbox/{mine}/files/{asked.pk}/2/",
        f"/inbox/{mine}/files/{asked.pk}/9/",
        f"/inbox/{mine}/files/{asked.pk}99999999999999999999/0/",
        "/inbox/99999999999999999999999/",
    ):
        assert browser.get(path).status_code == 404
    viewer = signed_in(member(role=Role.VIEWER))
    assert viewer.get(f"/inbox/{mine}/files/{asked.pk}/0/").status_code == 403


def test_it_shows_a_place_that_cannot_be_answered_and_takes_what_was_said_there(lake):
    asked = opened(
        lake,
        reply_mode="none",
        reply_address=None,
        url="https://cafe.example/post/1",
        channel="rss",
    )
    browser = signed_in()
    page = page_of(asked, browser)
    assert "This cannot be answered from here" in page
    assert 'href="https://cafe.example/post/1"' in page

    case = asked.conversation.case_id
    browser.post(f"/inbox/{case}/remember/", {"answers": asked.pk, "body": "댓글로 답했습니다"})

    assert "Given elsewhere, written down here" in page_of(asked, browser)
    assert not asked.conversation.case.clocks.filter(outcome="running").exists()


def test_it_shows_the_next_turn_of_several_conversations(lake):
    place = source()
    say(lake, letter(place, "처음", external_id="<a@x>", thread_id="<a@x>"))
    say(lake, letter(place, "다시", parent_id="<a@x>", thread_id="<a@x>"))
    page = page_of(Message.objects.latest("pk"))
    assert page.count('class="msg in"') == 2


def test_it_says_why_a_case_is_first(lake):
    page = page_of(opened(lake, kind="complaint", urgency=2))

    assert "Why is this first?" in page
    assert re.search(r"<dt>urgency</dt><dd class=\"num\">\+40</dd>", page)
    assert re.search(r"<dt>a complaint</dt><dd class=\"num\">\+10</dd>", page)


def test_it_shows_who_is_answering_but_not_myself(lake):
    asked, anna, boris = opened(lake), member("안나"), member("보리스")
    services.draft_reply(answers=asked.pk, member=anna, body="지금 보고")

    assert "안나 is answering" in page_of(asked, signed_in(boris))
    assert "is answering" not in page_of(asked, signed_in(anna))
    Message.objects.filter(state="draft").update(at=timezone.now() - timedelta(minutes=3))
    assert "is answering" not in page_of(asked, signed_in(boris))

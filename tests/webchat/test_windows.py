"""A window and its visitor: what is said is safe at once, stands there once, and is answered."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat_windows import Window, answered, chat, taken_up
from desk import member, signed_in
from sori.listen.models import Intake
from sori.listen.services import pause
from sori.people.models import Identity
from sori.respond import services
from sori.respond.models import Case, Message
from sori.staff.faces import keep_face
from sori.webchat.models import Line, Visitor
from sori.webchat.selectors import PAGE
from sori.webchat.services import KEPT, tidy
from together import at_once

pytestmark = pytest.mark.django_db


def test_it_keeps_what_is_said_before_it_says_thank_you(window, source):
    assert window.say("배송이 언제 오나요?", "first-01").json() == {"id": "first-01"}

    kept = Intake.objects.get()
    assert (kept.source, kept.body["text"]) == (source, "배송이 언제 오나요?")
    assert window.texts() == ["배송이 언제 오나요?"]


def test_it_brings_it_into_the_inbox_and_the_answer_back(window, source, lake):
    window.say("배송이 언제 오나요?")
    asked = taken_up(source)
    who = member("이서연")
    who.about = "천천히 읽습니다"
    who.save()

    sent = answered(asked, who, "내일 도착합니다.")

    assert sent.state == "sent"
    assert Case.objects.get().channel == "chat"
    mine, theirs = window.shown()["lines"]
    assert (mine["mine"], mine["text"]) == (True, "배송이 언제 오나요?")
    assert (theirs["mine"], theirs["text"], theirs["who"]) == (False, "내일 도착합니다.", "이서연")


def test_it_stays_one_conversation(window, source, lake):
    window.say("하나")
    taken_up(source)
    window.say("둘")
    taken_up(source)

    assert Case.objects.count() == 1
    assert [one.body for one in Message.objects.order_by("pk")] == ["하나", "둘"]


def test_it_calls_a_stranger_by_a_few_letters(window, source, lake):
    window.say("안녕하세요")
    taken_up(source)

    account = Identity.objects.get()
    key = Visitor.objects.get().key
    assert (account.external_id, account.name) == (f"visitor:{key}", f"방문자 {key[:4].upper()}")
    assert not account.verified


def test_it_masks_what_nobody_should_keep(window):
    window.say("제 주민번호는 900101-1234567 입니다")

    assert "1234567" not in Line.objects.get().text
    assert "1234567" not in str(Intake.objects.get().body)


def test_it_shows_no_answer_before_it_has_gone_out(window, source, lake):
    window.say("질문")
    asked = taken_up(source)
    services.draft_reply(answers=asked.pk, member=member(), body="아직 초안")
    services.approve_reply(answers=asked.pk, member=member(), body="곧 나갈 말")

    assert window.texts() == ["질문"]


def test_it_shows_no_note_and_nothing_that_was_said_elsewhere(window, source, lake):
    window.say("질문")
    asked = taken_up(source)
    who = member()
    services.write_note(case=asked.conversation.case_id, member=who, body="우리끼리")
    services.remember_answer(answers=asked.pk, member=who, body="전화로 답함", at=timezone.now())

    assert window.texts() == ["질문"]


def test_it_counts_what_was_not_read(window, source, lake):
    window.say("질문")
    answered(taken_up(source), member())

    assert window.shown()["unread"] == 1
    assert window.shown(reads=True)["unread"] == 0
    assert window.shown()["unread"] == 0


def test_it_shows_the_face_of_whoever_answered_unless_told_not_to(window, source, lake, jpeg):
    who = member("이서연")
    keep_face(member=who, upload=jpeg)
    window.say("질문")
    answered(taken_up(source), who)

    theirs = window.shown()["lines"][1]
    picture = window.client.get(theirs["face"])
    assert picture["Content-Type"] == "image/jpeg"
    assert picture["Access-Control-Allow-Origin"] == "*"
    assert window.client.get(theirs["face"][:-2] + "xx").status_code == 404

    source.settings["sign"] = False
    source.save()
    theirs = window.shown()["lines"][1]
    assert (theirs["who"], theirs["face"]) == ("", "")


def test_it_turns_the_pages_of_a_long_talk(window):
    visitor = Visitor.objects.get()
    start = timezone.now() - timedelta(hours=1)
    Line.objects.bulk_create(
        Line(visitor=visitor, key=f"k{n:06}", text=str(n), at=start + timedelta(seconds=n))
        for n in range(2 * PAGE + 3)
    )

    seen: list[str] = []
    before = None
    while True:
        page = window.shown(before=before)
        seen = [line["text"] for line in page["lines"]] + seen
        before = page["earlier"]
        if before is None:
            break

    assert seen == [str(n) for n in range(2 * PAGE + 3)]


def test_it_asks_as_much_however_long_the_talk_is(window, source, lake):
    window.say("질문")
    who, asked = member(), taken_up(source)
    answered(asked, who)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as asking:
            window.shown()
        counts.append(len(asking))
        for more in "가나다":
            window.say(f"또 {number}{more}")
            answered(asked, who, f"답 {number}{more}")
    assert counts[0] == counts[1]


def test_it_is_found_again_by_its_token(window, source):
    window.say("다시 올게요")

    again = Window(source).start(token=window.token)

    assert again.texts() == ["다시 올게요"]
    assert Visitor.objects.count() == 1


def test_it_says_which_page_somebody_writes_from_without_its_secrets(window):
    window.say("질문", page="https://shop.example/cart?token=abc#x")
    assert Intake.objects.get().body["page"] == "https://shop.example/cart"


@pytest.mark.parametrize(
    "page", ["javascript:alert(1)", "https://shop.example.evil.example/", "https://other.example/"]
)
def test_it_believes_no_page_of_another_site(window, page):
    window.say("질문", page=page)
    assert Intake.objects.get().body["page"] == ""


def test_it_is_closed_while_the_source_is_paused(window, source):
    pause(source=source, member=None)

    assert window.say("거기 누구 있나요").status_code == 404
    assert window.client.get(f"/chat/{source.slug}/widget.js").status_code == 404
    assert not Intake.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_double_click_in_many_places_is_one_voice(window, source):
    def click() -> None:
        other = Window(source)
        other.token = window.token
        assert other.say("한 번만", "same-name").status_code == 200

    at_once(8, click)

    assert Line.objects.count() == Intake.objects.count() == 1


def test_it_forgets_what_no_token_can_open_any_more(window):
    window.say("오래된 말")
    assert tidy() == 0

    Visitor.objects.update(active_at=timezone.now() - KEPT - timedelta(days=1))

    assert tidy() == 1
    assert not Line.objects.exists()
    assert window.say("아직 있나요").status_code == 401


def test_its_script_carries_its_settings_and_closes_no_element(window):
    odd = chat(heading="</script><b>", greeting_ko="안녕 \u2028 하세요", accent="#AABBCC")

    script = window.client.get(f"/chat/{odd.slug}/widget.js")

    text = script.content.decode()
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    assert script["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "</script" not in text and "\u2028" not in text  # noqa: PT018
    begins = text.index("const chat = ") + len("const chat = ")
    said, _ = json.JSONDecoder().raw_decode(text[begins:])
    assert (said["heading"], said["accent"]) == ("</script><b>", "#aabbcc")
    assert "secret" not in said and "a secret of" not in text  # noqa: PT018


def test_its_script_is_small(window, source):
    assert len(window.client.get(f"/chat/{source.slug}/widget.js").content) < 30_000


def test_members_find_the_line_to_embed_and_a_new_secret_once(window, source):
    boss = signed_in(member(role="admin"))
    page = boss.get(f"/sources/{source.pk}/chat/").content.decode()
    assert f"/chat/{source.slug}/widget.js" in page
    assert "https://shop.example" in page

    made = boss.post(f"/sources/{source.pk}/chat/secret/").content.decode()

    assert 'id="secret"' in made
    assert 'id="secret"' not in boss.get(f"/sources/{source.pk}/chat/").content.decode()
    assert f"/sources/{source.pk}/chat/" in boss.get(f"/sources/{source.pk}/").content.decode()
    assert boss.get(f"/chat/{source.slug}/preview/").status_code == 200

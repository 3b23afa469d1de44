"""Saved replies: kept by those who run cases, offered filled in, and told when they are canned."""

import json

import pytest

from desk import form_of, member, opened, path, signed_in
from sori.errors import Refused
from sori.respond import answering, saved_replies
from sori.respond.models import Case, SavedReply
from sori.staff.models import Department, Role

pytestmark = pytest.mark.django_db
CANNED = "안녕하세요 고객님, 불편을 드려 죄송합니다. 담당 부서에 전달하여 빠르게 처리하겠습니다."


def keep(title="배송 지연", body="{고객} 님, {나}입니다. {번호} {없는것}", **how):
    return saved_replies.save(member=member(), title=title, body=body, **how)


def offered(case, **how):
    return saved_replies.offered(case=case, member=member("이서연"), **how)


def test_it_fills_in_what_it_knows_and_nothing_else(lake):
    opened(lake)
    keep()
    case = Case.objects.get()

    (one,) = offered(case)

    assert one == {"title": "배송 지연", "body": f"김하은 님, 이서연입니다. #{case.pk} {{없는것}}"}


def test_a_customer_cannot_fill_in_more_through_their_name(lake):
    opened(lake, author_name="{나}{me}")
    keep()

    assert offered(Case.objects.get())[0]["body"].startswith("{나}{me} 님, 이서연입니다.")


def test_it_offers_those_of_the_department_first_and_not_those_of_others(lake):
    opened(lake)
    ours, others = Department.objects.create(name="물류"), Department.objects.create(name="요금")
    Case.objects.update(department=ours)
    keep("가 모두의 것")
    keep("나 우리 것", department=ours)
    keep("다 남의 것", department=others)

    assert [one["title"] for one in offered(Case.objects.get())] == ["나 우리 것", "가 모두의 것"]
    assert [one["title"] for one in offered(Case.objects.get(), words="모두 고객")] == [
        "가 모두의 것"
    ]


def test_no_two_have_the_same_title():
    keep("Late")
    with pytest.raises(Refused):
        keep("late")
    assert SavedReply.objects.count() == 1


def test_it_is_kept_changed_and_thrown_away_on_a_page():
    browser = signed_in()
    said = {"title": "환불", "body": "환불해 드렸습니다", "department": ""}

    assert browser.post("/replies/new/", said).status_code == 302
    kept = SavedReply.objects.get()
    assert browser.post("/replies/new/", said).status_code == 422
    browser.post(f"/replies/{kept.pk}/", said | {"title": "환불 완료"})
    assert "환불 완료" in browser.get("/replies/").content.decode()
    browser.post(f"/replies/{kept.pk}/delete/")
    assert not SavedReply.objects.exists()


def test_its_words_are_harmless_on_the_page(lake):
    asked = opened(lake, author_name='"><script>alert(1)</script>')
    keep(body='{고객} <img src=x onerror=alert(1)> "')

    page = signed_in().get(path(asked, "replies")).content.decode()

    assert "<script>" not in page
    assert "<img" not in page


def test_only_those_who_run_cases_keep_them_and_readers_see_none(lake):
    asked = opened(lake)
    writer, auditor = (signed_in(member(role=role)) for role in (Role.CONTRIBUTOR, Role.AUDITOR))

    assert writer.get(path(asked, "replies")).status_code == 200
    assert writer.post("/replies/new/", {"title": "a", "body": "b"}).status_code == 403
    assert auditor.get("/replies/").status_code == 403


def test_it_tells_the_writer_while_they_write(lake):
    first, second = opened(lake), opened(lake, author_id="lee@x.kr", author_name="이")
    answering.approve_reply(answers=first.pk, member=member(), body=CANNED)
    browser = signed_in()

    def told(asked, body):
        form = {"answers": asked.pk, "body": body}
        response = browser.post(path(asked, "draft"), form)
        return json.loads(response["HX-Trigger"])["likeness"]["words"]

    words = told(second, CANNED)
    assert words == "100% like another answer · does not name what the customer said"
    assert told(second, "배송이 오늘 오후에 다시 출발합니다. 도착하면 문자로 알려 드릴게요.") == ""
    assert "like another" not in told(first, CANNED), "their own answer is no other's"
    assert form_of(browser, second)["answers"] == str(second.pk)

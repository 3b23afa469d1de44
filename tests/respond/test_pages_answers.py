"""Answering by form: once however often one clicks, nothing lost, and only by whom it may be."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from desk import member, opened
from sori.respond import services
from sori.respond.models import Case, Decision, Message, Note
from sori.staff.models import Department, Role

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def signed_in(who=None) -> Client:
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(who or member())
    return browser


def form_of(browser: Client, asked: Message) -> dict[str, str]:
    """What the page's own form would send."""
    page = browser.get(f"/inbox/{asked.conversation.case_id}/").content.decode()
    form = re.search(r'<form class="reply".*?</form>', page, re.S)[0]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def path(asked: Message, deed: str) -> str:
    return f"/inbox/{asked.conversation.case_id}/{deed}/"


def answers() -> list[Message]:
    return list(Message.objects.filter(direction="out").order_by("pk"))


def test_it_makes_one_answer_of_one_click_however_often_it_arrives(lake):
    asked, browser = opened(lake), signed_in()
    form = form_of(browser, asked) | {"body": "보내 드렸습니다"}

    for _ in range(3):
        response = browser.post(path(asked, "reply"), form)

    assert response.status_code == 302
    assert response["Location"] == f"/inbox/{asked.conversation.case_id}/"
    assert [(one.body, one.state) for one in answers()] == [("보내 드렸습니다", "queued")]


def test_it_gives_every_page_a_token_of_its_own(lake):
    asked, browser = opened(lake), signed_in()
    assert form_of(browser, asked)["token"] != form_of(browser, asked)["token"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_asks_before_saying_the_same_twice(lake, headers):
    asked, browser = opened(lake), signed_in()
    browser.post(path(asked, "reply"), form_of(browser, asked) | {"body": "확인했습니다"})
    form = form_of(browser, asked) | {"body": "확인했습니다"}

    response = browser.post(path(asked, "reply"), form, headers=headers)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Send them again?" in page
    assert ">확인했습니다</textarea>" in page
    assert len(answers()) == 1
    browser.post(path(asked, "reply"), form | {"again": "1"})
    assert len(answers()) == 2


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_gives_refused_words_back(lake, headers):
    asked, browser = opened(lake), signed_in()
    asked.reply_until = timezone.now()
    asked.save()
    form = {"answers": asked.pk, "token": "t" * 20, "body": "늦은 </textarea> 답장"}

    response = browser.post(path(asked, "reply"), form, headers=headers)

    page = response.content.decode()
    assert response.status_code == 422
    assert "is over" in page
    assert "늦은 &lt;/textarea&gt; 답장" in page
    if headers:
        assert response["HX-Retarget"] == "#composer"
    assert answers() == []


def test_it_sends_and_resolves_in_one_go(lake):
    asked, browser = opened(lake), signed_in()
    form = form_of(browser, asked) | {"body": "해결했습니다", "then": "resolve"}
    browser.post(path(asked, "reply"), form)
    assert Case.objects.get().status == "resolved"
    assert answers()[0].state == "queued"


def test_it_lets_a_contributor_write_and_an_agent_send(lake):
    asked = opened(lake)
    writer = signed_in(member("윤예준", Role.CONTRIBUTOR))
    assert "Keep the draft" in writer.get(path(asked, ".")[:-2]).content.decode()
    kept = writer.post(path(asked, "draft"), {"answers": asked.pk, "body": "이렇게요", "keep": "1"})
    assert kept.status_code == 302
    assert writer.post(path(asked, "reply"), {"answers": asked.pk, "body": "x"}).status_code == 403

    agent = signed_in(member("이서연"))
    page = agent.get(f"/inbox/{asked.conversation.case_id}/").content.decode()
    assert "Draft by 윤예준" in page
    draft = answers()[0]
    taken = agent.get(f"/inbox/{asked.conversation.case_id}/?draft={draft.pk}").content.decode()
    assert ">이렇게요</textarea>" in taken
    form = {"answers": asked.pk, "draft": draft.pk, "token": "t" * 20, "body": "이렇게요"}
    agent.post(path(asked, "reply"), form)

    sent = answers()
    assert [(one.member.name, one.approved_by.name) for one in sent] == [("윤예준", "이서연")]


def test_it_keeps_drafts_quietly_while_one_types(lake):
    asked, browser = opened(lake), signed_in()
    for text in ("안", "안녕", "안녕하세요"):
        response = browser.post(path(asked, "draft"), {"answers": asked.pk, "body": text})
        assert (response.status_code, response.content) == (204, b"")
    assert [one.body for one in answers()] == ["안녕하세요"]
    browser.post(path(asked, "draft"), {"answers": asked.pk, "body": " "})
    assert answers() == []


def test_it_knows_nothing_of_messages_and_drafts_of_another_case(lake):
    mine, theirs = opened(lake, author_id="a@x.kr"), opened(lake, author_id="b@x.kr")
    agent = member(role=Role.ADMIN)
    draft = services.draft_reply(answers=theirs.pk, member=member(), body="남의 초안")
    queued = services.approve_reply(answers=theirs.pk, member=agent, body="남의 답장")
    browser = signed_in(agent)
    before = list(Message.objects.order_by("pk").values())

    form = {"answers": mine.pk, "body": "x", "token": "t" * 20}
    for deed, fields in (
        ("reply", form | {"answers": theirs.pk}),
        ("reply", form | {"draft": draft.pk}),
        ("draft", {"answers": theirs.pk, "body": "x"}),
        ("remember", {"answers": theirs.pk, "body": "x"}),
        (f"answers/{queued.pk}/cancel", {}),
        (f"answers/{queued.pk}/settle", {"outcome": "sent"}),
        (f"answers/{mine.pk}/cancel", {}),
    ):
        assert browser.post(path(mine, deed), fields).status_code == 404, deed

    assert list(Message.objects.order_by("pk").values()) == before
    page = browser.get(f"/inbox/{mine.conversation.case_id}/?draft={draft.pk}&answer={theirs.pk}")
    assert "남의 초안" not in page.content.decode()


def test_it_says_that_a_draft_is_gone_and_keeps_the_words(lake):
    asked, browser = opened(lake), signed_in()
    form = {"answers": asked.pk, "draft": 987654, "token": "t" * 20, "body": "고친 글"}
    response = browser.post(path(asked, "reply"), form)
    assert response.status_code == 422
    assert ">고친 글</textarea>" in response.content.decode()


def test_it_takes_an_answer_back_while_it_waits_and_says_so_when_it_is_too_late(lake):
    asked, browser = opened(lake), signed_in()
    browser.post(path(asked, "reply"), form_of(browser, asked) | {"body": "잠깐"})
    answer = answers()[0]
    browser.post(path(asked, f"answers/{answer.pk}/cancel"))
    assert answers()[0].state == "draft"

    Message.objects.filter(pk=answer.pk).update(state="sending")
    late = browser.post(path(asked, f"answers/{answer.pk}/cancel"), follow=True)
    assert "on its way already" in late.content.decode()


def unclear(asked: Message) -> Message:
    answer = services.approve_reply(answers=asked.pk, member=member(), body="보냈을까요")
    Message.objects.filter(pk=answer.pk).update(
        state="unknown", attempted_at=timezone.now(), evidence="timed out <b>"
    )
    return answer


@pytest.mark.parametrize(
    ("outcome", "state"), [("sent", "sent"), ("resend", "queued"), ("give_up", "rejected")]
)
def test_it_lets_a_supervisor_decide_about_an_unclear_answer(lake, outcome, state):
    asked = opened(lake)
    answer = unclear(asked)
    agent = signed_in().get(f"/inbox/{asked.conversation.case_id}/").content.decode()
    assert "Nobody knows whether this arrived at kim@customer.example" in agent
    assert "timed out &lt;b&gt;" in agent
    assert "It arrived" not in agent

    browser = signed_in(member(role=Role.SUPERVISOR))
    assert "It arrived" in browser.get(f"/inbox/{asked.conversation.case_id}/").content.decode()
    form = {"outcome": outcome, "evidence": "고객과 통화함"}
    browser.post(path(asked, f"answers/{answer.pk}/settle"), form)

    answer.refresh_from_db()
    assert answer.state == state
    assert "고객과 통화함" in answer.evidence


def test_it_leaves_a_note_and_gives_an_empty_one_back(lake):
    asked, browser = opened(lake), signed_in()
    assert browser.post(path(asked, "note"), {"body": "동료에게"}).status_code == 302
    assert Note.objects.get().body == "동료에게"
    empty = browser.post(path(asked, "note"), {"body": " "}, headers=HTMX)
    assert empty.status_code == 422
    assert empty["HX-Retarget"] == "#note"
    assert browser.post("/inbox/99999999/note/", {"body": "x"}).status_code == 404


def test_it_runs_a_case_without_scripts(lake):
    asked = opened(lake)
    case, agent, colleague = asked.conversation.case_id, member("가람"), member("나래")
    place = Department.objects.create(name="네트워크")
    browser = signed_in(agent)

    browser.post(path(asked, "take"))
    assert Case.objects.get().owner == agent
    browser.post(path(asked, "owner"), {"owner": colleague.pk})
    assert Case.objects.get().owner == colleague
    taken = browser.post(path(asked, "take"), follow=True).content.decode()
    assert "나래 has already taken it" in taken
    browser.post(path(asked, "owner"), {"owner": ""})
    browser.post(path(asked, "department"), {"department": place.pk})
    browser.post(path(asked, "status"), {"status": "on_hold"})
    row = Case.objects.get()
    assert (row.owner, row.department, row.status) == (None, place, "on_hold")

    waiting = browser.post(path(asked, "resolve"), follow=True).content.decode()
    assert "decide not to answer" in waiting
    past = browser.post(path(asked, "no-answer"), {"reason": "campaign", "review_on": "2020-01-01"})
    assert (past.status_code, Decision.objects.count()) == (302, 0)
    browser.post(path(asked, "no-answer"), {"reason": "campaign", "review_on": "2099-01-01"})
    assert Decision.objects.get().reason == "campaign"
    assert Case.objects.get(pk=case).status == "resolved"
    browser.post(path(asked, "reopen"))
    assert Case.objects.get(pk=case).status == "open"


def test_it_comes_back_to_the_same_list(lake):
    asked, browser = opened(lake), signed_in()
    response = browser.post(path(asked, "take") + "?tab=unassigned&q=%EB%B0%B0%EC%86%A1")
    assert response["Location"] == (
        f"/inbox/{asked.conversation.case_id}/?q=%EB%B0%B0%EC%86%A1&tab=unassigned"
    )


def test_it_holds_answers_back_until_somebody_releases_them(lake):
    asked = opened(lake)
    services.hold_outgoing(reason="백업을 되돌렸습니다")
    browser = signed_in(member(role=Role.SUPERVISOR))
    assert (
        "백업을 되돌렸습니다"
        in browser.get(f"/inbox/{asked.conversation.case_id}/").content.decode()
    )
    browser.post(path(asked, "release"))
    assert (
        "백업을 되돌렸습니다"
        not in browser.get(f"/inbox/{asked.conversation.case_id}/").content.decode()
    )


READ = ("viewer", 403), ("contributor", 200), ("agent", 200), ("auditor", 200)
DEEDS = {
    "draft": {"contributor", "agent", "supervisor"},
    "note": {"contributor", "agent", "supervisor"},
    "reply": {"agent", "supervisor"},
    "remember": {"agent", "supervisor"},
    "acknowledge": {"agent", "supervisor"},
    "take": {"agent", "supervisor"},
    "owner": {"agent", "supervisor"},
    "department": {"agent", "supervisor"},
    "status": {"agent", "supervisor"},
    "resolve": {"agent", "supervisor"},
    "reopen": {"agent", "supervisor"},
    "no-answer": {"agent", "supervisor"},
    "answers/1/cancel": {"agent", "supervisor"},
    "answers/1/settle": {"supervisor"},
    "release": {"supervisor"},
}


@pytest.mark.parametrize(("role", "status"), READ)
def test_it_shows_the_inbox_to_whom_it_may(lake, role, status):
    asked = opened(lake)
    browser = signed_in(member(role=role))
    assert browser.get("/inbox/").status_code == status
    assert browser.get(f"/inbox/{asked.conversation.case_id}/").status_code == status


@pytest.mark.parametrize("role", ["viewer", "contributor", "agent", "supervisor", "auditor"])
def test_it_lets_each_role_do_what_is_theirs(lake, role):
    asked = opened(lake)
    browser = signed_in(member(role=role))
    for deed, roles in DEEDS.items():
        refused = browser.post(path(asked, deed)).status_code == 403
        assert refused is (role not in roles), deed
        assert browser.get(path(asked, deed)).status_code in {403, 405}


def test_it_draws_no_buttons_for_what_a_role_may_not(lake):
    asked = opened(lake)
    page = signed_in(member(role=Role.AUDITOR)).get(f"/inbox/{asked.conversation.case_id}/")
    forms = re.findall(r'<form[^>]*action="([^"]*)"', page.content.decode())
    assert forms == ["/inbox/"]

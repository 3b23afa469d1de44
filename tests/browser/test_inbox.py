"""The inbox in a real Chromium: keys, writing, Korean, news, themes, small screens."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from desk import letter, member, opened, say, source
from screens import on_every_screen
from sori.lake.store import Lake
from sori.respond import saved_replies, services
from sori.respond.models import Case, Clock, Message, Note
from sori.staff.models import Department, Member, Role
from waiting import listening, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUBJECTS = (
    ("김하은", "배송이 일주일째 멈춰 있어요", "complaint", "negative", 2),
    ("박도윤", "환불은 며칠 걸리나요?", "question", "neutral", 1),
    ("이서연", "포장이 정말 꼼꼼해서 감동했어요", "praise", "positive", 0),
    ("최준혁", "결제가 두 번 됐습니다", "complaint", "negative", 2),
    ("정수아", "정기 구독 건너뛰기가 있으면 좋겠어요", "idea", "neutral", 0),
)


def fill(lake: Lake) -> list[Case]:
    """Five customers have written; the newest case first."""
    place = source(department=Department.objects.create(name="고객지원"))
    for number, (who, subject, kind, sentiment, urgency) in enumerate(SUBJECTS):
        mail = f"customer{number}@example.com"
        say(
            lake,
            letter(
                place,
                subject + ". 확인 부탁드립니다.",
                title=subject,
                author_name=who,
                author_id=mail,
                reply_address=f'{{"to": "{mail}"}}',
                kind=kind,
                sentiment=sentiment,
                urgency=urgency,
            ),
        )
    return list(Case.objects.order_by("-updated_at", "-id"))


def address(case: Case) -> str:
    return f"/inbox/{case.pk}/?tab=open"


def test_it_goes_through_the_list_with_keys_and_writes_with_enter(
    lake: Lake, visit: Callable[..., Page]
):
    cases = fill(lake)
    page = visit(member(), "/inbox/?tab=open")

    page.keyboard.press("j")
    expect(page.locator(".subject h2")).to_have_text(cases[0].subject)
    page.keyboard.press("j")
    expect(page.locator(".subject h2")).to_have_text(cases[1].subject)
    expect(page.locator(".row[aria-selected=true]")).to_have_id(f"c{cases[1].pk}")
    expect(page).to_have_url(re.compile(re.escape(address(cases[1])) + "$"))
    page.keyboard.press("k")
    expect(page.locator(".subject h2")).to_have_text(cases[0].subject)
    page.keyboard.press("Enter")
    expect(page.locator("#reply-body")).to_be_focused()
    page.keyboard.type("jk")
    expect(page.locator(".subject h2")).to_have_text(cases[0].subject)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).to_be_focused()


def test_it_picks_some_and_does_one_thing_to_all(lake: Lake, visit: Callable[..., Page]):
    cases, anna = fill(lake), member("안나")
    page = visit(anna, "/inbox/?tab=open")
    bar = page.locator("#picked")
    expect(bar).to_be_hidden()

    page.keyboard.press("j")
    expect(page.locator(".row[aria-selected=true]")).to_have_id(f"c{cases[0].pk}")
    page.keyboard.press("x")
    page.locator(f"#c{cases[2].pk} .ch").click()
    expect(page.locator(".row.picked")).to_have_count(2)
    page.locator(f"#c{cases[3].pk} .ch").click(modifiers=["Shift"])
    expect(bar).to_contain_text("3")
    bar.get_by_role("button", name="맡기").click()

    expect(page.locator(".toast")).to_contain_text("3건 처리했습니다")
    expect(bar).to_be_hidden()
    assert set(Case.objects.filter(owner=anna)) == {cases[0], cases[2], cases[3]}
    expect(page.locator(".subject h2")).to_have_text(cases[0].subject)


def test_it_puts_a_saved_reply_where_one_writes(lake: Lake, visit: Callable[..., Page]):
    case, anna = fill(lake)[0], member("안나")
    saved_replies.save(member=anna, title="늦은 배송", body="{고객} 님, {나}입니다.")
    saved_replies.save(member=anna, title="환불", body="환불해 드렸습니다.")
    page = visit(anna, address(case))

    page.keyboard.press(";")
    expect(page.locator("#saved-menu input")).to_be_focused()
    expect(page.locator("#offered [data-insert]")).to_have_count(2)
    page.keyboard.type("늦은")
    expect(page.locator("#offered [data-insert]")).to_have_count(1)
    page.keyboard.press("Enter")

    expect(page.locator("#reply-body")).to_have_value(f"{case.person.name} 님, 안나입니다.")
    expect(page.locator("#reply-body")).to_be_focused()


def test_it_shows_everything_a_page_can_do_and_does_it(lake: Lake, visit: Callable[..., Page]):
    case = fill(lake)[0]
    page = visit(member(), address(case))

    page.keyboard.press("Shift+Slash")
    palette = page.locator("#palette")
    expect(palette.get_by_role("option", name="미루기")).to_contain_text("H")
    page.keyboard.type("내부 메모")
    page.keyboard.press("Enter")

    expect(palette).to_be_hidden()
    expect(page.locator("#note-body")).to_be_focused()


def test_it_puts_a_conversation_off_with_two_keys(lake: Lake, visit: Callable[..., Page]):
    case = fill(lake)[0]
    Clock.objects.update(outcome=Clock.Outcome.MET, stopped_at=timezone.now())
    page = visit(member(), address(case))

    page.keyboard.press("h")
    expect(page.locator("#snooze-menu")).to_be_visible()
    page.keyboard.press("1")

    wait_until(lambda: Case.objects.get(pk=case.pk).snoozed_until)
    expect(page.locator("#tabs")).to_contain_text("미룸")
    expect(page.locator("#head").get_by_title("까지 미룸")).to_be_visible()
    page.keyboard.press("h")
    wait_until(lambda: Case.objects.get(pk=case.pk).snoozed_until is None)


def test_it_sends_an_answer_and_starts_afresh(lake: Lake, visit: Callable[..., Page]):
    case = fill(lake)[0]
    page = visit(member("이서연"), address(case))

    page.fill("#reply-body", "안녕하세요, 오늘 다시 보내 드렸습니다.")
    page.press("#reply-body", "Control+Enter")

    expect(page.locator(".msg.out .body")).to_have_text("안녕하세요, 오늘 다시 보내 드렸습니다.")
    expect(page.locator(".msg.out .state")).to_contain_text("발송 대기")
    expect(page.locator("#reply-body")).to_have_value("")
    assert Message.objects.get(direction="out").state == "queued"

    page.get_by_role("button", name="발송 취소").click()
    expect(page.locator("#reply-body")).to_have_value("안녕하세요, 오늘 다시 보내 드렸습니다.")
    expect(page.locator(".msg.out")).to_have_count(0)


def test_it_never_sends_half_a_syllable(lake: Lake, visit: Callable[..., Page]):
    case = fill(lake)[0]
    page = visit(member(), address(case))
    keys = page.context.new_cdp_session(page)
    page.focus("#reply-body")
    keys.send("Input.insertText", {"text": "안녕하세"})
    keys.send("Input.imeSetComposition", {"text": "요", "selectionStart": 1, "selectionEnd": 1})

    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert not Message.objects.filter(direction="out", state="queued").exists()

    keys.send("Input.insertText", {"text": "요"})
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg.out .body")).to_contain_text("안녕하세요")
    expect(page.locator(".msg.out")).to_have_count(1)
    assert Message.objects.filter(direction="out").count() == 1


def test_it_searches_when_the_syllable_is_whole(lake: Lake, visit: Callable[..., Page]):
    fill(lake)
    page = visit(member(), "/inbox/?tab=open")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "q=" in request.url else None)
    keys = page.context.new_cdp_session(page)
    page.focus("input[name=q]")
    keys.send("Input.imeSetComposition", {"text": "환", "selectionStart": 1, "selectionEnd": 1})
    page.wait_for_timeout(500)
    assert asked == []

    keys.send("Input.insertText", {"text": "환불"})

    expect(page.locator("#rows .row")).to_have_count(1)
    expect(page.locator("#rows .subj")).to_have_text("환불은 며칠 걸리나요?")
    expect(page.locator("input[name=q]")).to_be_focused()
    expect(page).to_have_url(re.compile("q="))


def test_it_keeps_a_draft_while_one_types(lake: Lake, visit: Callable[..., Page]):
    case = fill(lake)[0]
    agent = member()
    page = visit(agent, address(case))

    page.locator("#reply-body").press_sequentially("확인하고 다시")
    expect(page.locator("[data-kept]")).to_have_text("초안 저장됨")
    assert Message.objects.get(state="draft").body == "확인하고 다시"
    page.locator("#reply-body").press_sequentially(" 연락드릴게요")
    page.reload()

    expect(page.locator("#reply-body")).to_have_value("확인하고 다시 연락드릴게요")
    wait_until(lambda: Message.objects.get(state="draft").body == "확인하고 다시 연락드릴게요")


def test_it_keeps_the_words_when_they_are_refused(lake: Lake, visit: Callable[..., Page]):
    case = fill(lake)[0]
    page = visit(member(), address(case))
    page.fill("#reply-body", "가" * 50_001)

    page.get_by_role("button", name="보내기", exact=False).last.click()

    expect(page.locator("#reply [role=alert]")).to_contain_text("50,000자")
    assert len(page.input_value("#reply-body")) == 50_001
    expect(page.locator("#reply-body")).to_be_focused()


def test_it_leaves_a_note_on_yellow_ground_and_the_answer_stays(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None]
):
    case = fill(lake)[0]
    page = visit(member("박도윤"), address(case))
    page.fill("#reply-body", "쓰고 있던 답장")

    page.locator(".subject").click()
    page.keyboard.press("n")
    expect(page.locator("#note-body")).to_be_focused()
    page.keyboard.type("대전 허브가 밀려 있어요")
    keep(page, "inbox-note")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".msg.note .body")).to_have_text("대전 허브가 밀려 있어요")
    expect(page.locator("#note-body")).to_have_value("")
    expect(page.locator("#reply-body")).to_have_value("쓰고 있던 답장")
    assert Note.objects.count() == 1


def test_it_shows_a_new_voice_without_reload(lake: Lake, visit: Callable[..., Page]):
    cases = fill(lake)
    page = visit(member(), address(cases[1]))
    listening("inbox")
    page.fill("#reply-body", "쓰는 중")

    opened(lake, title="요금이 두 배로 나왔어요", author_id="new@example.com")

    expect(page.locator("#rows .row")).to_have_count(6)
    expect(page.locator("#rows .row .subj").first).to_have_text("요금이 두 배로 나왔어요")
    expect(page.locator(".row[aria-selected=true]")).to_have_id(f"c{cases[1].pk}")
    expect(page.locator("#tabs [aria-current] .num")).to_have_text("6")
    expect(page.locator("#reply-body")).to_have_value("쓰는 중")


def test_it_takes_away_what_a_colleague_has_settled(lake: Lake, visit: Callable[..., Page]):
    cases = fill(lake)
    page = visit(member(), "/inbox/?tab=open")
    listening("inbox")

    services.decide_no_answer(case=cases[-1].pk, member=member(), reason="campaign")

    expect(page.locator("#rows .row")).to_have_count(4)
    expect(page.locator(f"#c{cases[-1].pk}")).not_to_be_attached()
    expect(page.locator("#tabs [aria-current] .num")).to_have_text("4")


def test_it_keeps_older_turns_that_were_asked_for(lake: Lake, visit: Callable[..., Page]):
    asked = opened(lake)
    case, begin = asked.conversation.case_id, timezone.now() - timedelta(minutes=10)
    Message.objects.filter(pk=asked.pk).update(at=begin - timedelta(minutes=1))
    Message.objects.bulk_create(
        Message(
            conversation=asked.conversation,
            direction="in",
            state="received",
            body=f"말 {number}.",
            at=begin + timedelta(seconds=number),
        )
        for number in range(230)
    )
    page = visit(member(), f"/inbox/{case}/?tab=open")
    listening(f"case:{case}")
    expect(page.locator(".msg.in")).to_have_count(200)
    page.locator("#earlier").click()
    expect(page.locator(".msg.in")).to_have_count(231)

    services.write_note(case=case, member=member(), body="새 메모")

    expect(page.locator(".msg.note")).to_have_count(1)
    expect(page.locator(".msg.in")).to_have_count(231)
    expect(page.locator("#earlier")).not_to_be_attached()
    order = page.locator("#timeline > .msg").evaluate_all("nodes => nodes.map((node) => node.id)")
    assert order[-1].startswith("n")
    assert order[:-1] == sorted(order[:-1], key=lambda one: int(one[1:]))


def test_it_offers_news_to_somebody_who_reads_further_down(lake: Lake, visit: Callable[..., Page]):
    cases = fill(lake)
    page = visit(member(), address(cases[1]), height=420)
    listening("inbox")
    place = page.evaluate(
        "() => { const list = document.querySelector('#scroll');"
        " list.scrollTop = 150; return list.scrollTop; }"
    )

    opened(lake, title="요금이 두 배로 나왔어요", author_id="new@example.com")

    expect(page.locator("#news")).to_have_text("새 대화 1건")
    assert page.evaluate("document.querySelector('#scroll').scrollTop") == place > 24
    expect(page.locator("#rows .row")).to_have_count(5)
    page.locator("#news").click()
    expect(page.locator("#rows .row .subj").first).to_have_text("요금이 두 배로 나왔어요")
    expect(page.locator("#news")).to_be_hidden()


def test_it_shows_the_next_turn_in_the_open_thread_and_disturbs_nobody(
    lake: Lake, visit: Callable[..., Page]
):
    place = source()
    first = letter(place, "접속이 안 돼요", external_id="<a@x>", thread_id="<a@x>")
    say(lake, first)
    page = visit(member(), address(Case.objects.get()))
    listening(f"case:{Case.objects.get().pk}")
    page.locator("#reply-body").press_sequentially("지금 확인")

    say(lake, letter(place, "이제 되네요!", parent_id="<a@x>", thread_id="<a@x>"))

    expect(page.locator(".msg.in")).to_have_count(2)
    expect(page.locator(".msg.in .body").last).to_have_text("이제 되네요!")
    expect(page.locator("#reply-body")).to_have_value("지금 확인")
    expect(page.locator("#reply-body")).to_be_focused()


def test_it_asks_for_a_signature_where_somebody_waits(lake: Lake, visit: Callable[..., Page]):
    case = fill(lake)[0]
    agent = member()
    page = visit(agent, address(case))

    page.keyboard.press("e")
    expect(page.locator("#no-answer")).to_contain_text("고객이 우리 말을 기다리고 있습니다")
    page.get_by_label("다른 이유", exact=True).check()
    page.locator("#no-answer-words").fill("광고 메일입니다")
    page.get_by_role("button", name="결정하기").click()

    expect(page.locator("#no-answer")).to_be_hidden()
    expect(page.get_by_role("button", name="다시 열기")).to_be_visible()
    expect(page.locator("#customer")).to_contain_text("광고 메일입니다")
    expect(page.locator(f"#c{case.pk}")).to_have_class("row gone")
    page.keyboard.press("j")
    expect(page.locator(f"#c{case.pk}")).not_to_be_attached()


@on_every_screen("inbox")
def test_it_fits_every_screen_in_both_themes(
    lake: Lake,
    visit: Callable[..., Page],
    keep: Callable[[Page, str], None],
    theme: str,
    width: int,
    name: str,
):
    case = fill(lake)[0]
    agent = member("한지민")
    Member.objects.filter(pk=agent.pk).update(theme=theme)
    services.assign(case=case.pk, member=agent, owner=agent)
    services.write_note(case=case.pk, member=agent, body="대전 허브에서 분류가 밀려 있어요.")
    page = visit(agent, address(case), width=width, height=844 if width < 760 else 900)

    keep(page, name)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    dark = page.evaluate(
        "matchMedia('(prefers-color-scheme: dark)').matches ||"
        " getComputedStyle(document.documentElement).colorScheme === 'dark'"
    )
    assert dark is (theme == "dark")
    expect(page.get_by_role("button", name="해결", exact=False).first).to_be_in_viewport()
    customer = page.locator("#customer")
    if width <= 1180:
        expect(customer).to_be_hidden()
        page.get_by_role("button", name="고객 정보 보기").click()
    expect(customer).to_be_visible()
    if width < 760:
        page.keyboard.press("Escape")
        expect(page.locator("#list")).to_be_hidden()
        page.get_by_role("link", name="목록으로").click()
        expect(page.locator("#list")).to_be_visible()
        expect(page.locator(".col-thread")).to_be_hidden()
        keep(page, f"{name}-list")


def test_it_names_every_control_and_shows_where_the_focus_is(
    lake: Lake, visit: Callable[..., Page]
):
    case = fill(lake)[0]
    page = visit(member(role=Role.ADMIN), address(case))

    nameless = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, textarea")]
            .filter((node) => node.type !== "hidden" && node.checkVisibility())
            .filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim()
                || node.labels?.length || node.title))
            .map((node) => node.outerHTML)"""
    )
    assert nameless == []
    twice = page.evaluate(
        """() => { const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
            return ids.filter((id, place) => ids.indexOf(id) !== place); }"""
    )
    assert twice == []
    for _ in range(25):
        page.keyboard.press("Tab")
        outlined = page.evaluate(
            """() => { const at = document.activeElement;
            const tab = at.matches(".visually-hidden");
            const seen = getComputedStyle(tab ? at.nextElementSibling : at);
            return at === document.body || seen.outlineStyle !== "none" || seen.boxShadow !== "none"
                || at.closest(".search, .composer") !== null; }"""
        )
        assert outlined, page.evaluate("document.activeElement.outerHTML")


def test_it_works_without_scripts(lake: Lake, visit: Callable[..., Page]):
    case = fill(lake)[0]
    page = visit(member(), "/inbox/?tab=open", scripts=False)

    page.locator(f"#c{case.pk}").click()
    page.fill("#reply-body", "스크립트 없이 보냅니다")
    page.locator("#reply [data-default]").click()

    expect(page).to_have_url(re.compile(re.escape(address(case)) + "$"))
    expect(page.locator(".msg.out .body")).to_have_text("스크립트 없이 보냅니다")
    page.locator("label[for=mode-note]").click()
    page.fill("#note-body", "메모도 됩니다")
    page.locator("#note [data-default]").click()
    expect(page.locator(".msg.note .body")).to_have_text("메모도 됩니다")
    page.locator("[popovertarget=more-menu]").click()
    page.locator('#more-menu a[href="#no-answer"]').click()
    expect(page.locator("#no-answer")).to_be_visible()

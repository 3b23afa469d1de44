"""Two departments in a real Chromium: one asks, the other answers, the customer hears once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Dialog, Page, expect

from desk import member, opened
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.respond import services as desk
from sori.respond.models import Case, Message, Note
from sori.staff.models import Department, Member, Role
from sori.teamwork.models import Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def hired(name: str, department: Department, role: str) -> Member:
    row = member(name, role)
    row.department = department
    row.save()
    return row


@pytest.fixture
def billing(transactional_db: None) -> Department:
    return Department.objects.create(name="요금·정산")


@pytest.fixture
def agent(transactional_db: None) -> Member:
    return hired("이서연", Department.objects.create(name="고객지원"), Role.AGENT)


@pytest.fixture
def clerk(billing: Department) -> Member:
    return hired("최준혁", billing, Role.CONTRIBUTOR)


def wrote(lake: Lake, agent: Member) -> Case:
    """Kim wrote; we said that we look into it, so nobody waits for us."""
    case = opened(lake, text="같은 요금이 두 번 빠져나갔어요").conversation.case
    desk.take(case=case.pk, member=agent)
    desk.decide_no_answer(case=case.pk, member=agent, reason="nothing_to_add")
    return desk.reopen(case=case.pk, member=agent)


def test_it_carries_a_question_to_another_department_and_its_answer_to_the_customer(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None], agent, clerk, billing
):
    case = wrote(lake, agent)
    desk_page = visit(agent, f"/inbox/{case.pk}/")

    desk_page.keyboard.press("q")
    desk_page.get_by_label("부서", exact=True).select_option(label="요금·정산")
    desk_page.get_by_label("무엇이 필요한가요?").fill("이중 결제인지 봐 주세요")
    desk_page.get_by_role("button", name="요청 보내기").click()
    expect(desk_page.locator("#timeline")).to_contain_text("요금·정산 부서에 협업을 요청했습니다")
    expect(desk_page.locator("#tasks .task")).to_contain_text("이중 결제인지 봐 주세요")
    expect(desk_page.locator("#head")).to_contain_text("보류")

    billing_page = visit(clerk, "/tasks/")
    expect(billing_page.locator(".task")).to_contain_text("이중 결제인지 봐 주세요")
    keep(billing_page, "tasks")
    billing_page.get_by_role("button", name="내가 맡기").click()
    expect(billing_page.locator(".task")).to_contain_text("최준혁 님이 맡음")
    billing_page.get_by_placeholder("동료가 알아야 할 것").fill(
        "네, 두 번 결제됐고 오늘 환불했습니다."
    )
    billing_page.get_by_role("button", name="답하기", exact=True).click()
    expect(billing_page.locator(".empty")).to_contain_text("받은 요청이 없습니다")

    # it appears beside the agent without a reload, and the case is open again
    expect(desk_page.locator("#tasks .task")).to_contain_text("오늘 환불했습니다", timeout=15_000)
    expect(desk_page.locator("#head")).to_contain_text("진행 중", timeout=15_000)
    keep(desk_page, "task-answered")
    desk_page.locator("#reply-body").fill("두 번 결제된 것이 맞아 오늘 환불해 드렸습니다.")
    desk_page.locator("form.reply").get_by_role("button", name="보내기", exact=False).last.click()
    expect(desk_page.locator(".msg.out")).to_contain_text("오늘 환불해 드렸습니다.")

    assert Case.objects.get(pk=case.pk).status == Case.Status.OPEN
    (answer,) = Message.objects.filter(direction="out")
    assert "요금" not in answer.body
    assert Task.objects.get().took is not None


def test_it_keeps_half_an_answer_while_news_come_in(
    lake: Lake, visit: Callable[..., Page], agent, clerk, billing
):
    from sori.teamwork import services

    case = wrote(lake, agent)
    services.ask(case=case.pk, member=agent, department=billing, words="첫째")
    page = visit(clerk, "/tasks/")
    page.locator(".task summary").click()
    field = page.get_by_placeholder("동료가 알아야 할 것")
    field.fill("아직 쓰는 중")

    services.ask(case=case.pk, member=agent, department=billing, words="둘째")

    expect(page.locator(".task")).to_have_count(2, timeout=15_000)
    expect(field.first).to_have_value("아직 쓰는 중")


def test_it_names_a_colleague_with_keys(lake: Lake, visit: Callable[..., Page], agent):
    case = wrote(lake, agent)
    minsu = member("김민수")
    member("김민지")
    page = visit(agent, f"/inbox/{case.pk}/")

    page.keyboard.press("n")
    page.locator("#note-body").press_sequentially("@김미")
    expect(page.locator(".names > *")).to_have_text(["김민수", "김민지"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#note-body")).to_have_value("@김민수 ")
    page.locator("#note-body").press_sequentially("봐 주세요")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".msg.note .named")).to_have_text("@김민수")
    assert Note.objects.get().body == "@김민수 봐 주세요"
    assert Event.objects.get(kind="note.written").data["mentioned"] == [minsu.pk]


def test_it_names_a_colleague_in_the_middle_of_a_syllable(
    lake: Lake, visit: Callable[..., Page], agent
):
    case = wrote(lake, agent)
    member("김민수")
    page = visit(agent, f"/inbox/{case.pk}/")
    page.keyboard.press("n")
    page.locator("#note-body").press_sequentially("@")
    keys = page.context.new_cdp_session(page)
    for text in ("ㄱ", "기", "김"):
        place = {"selectionStart": 1, "selectionEnd": 1}
        keys.send("Input.imeSetComposition", {"text": text, **place})
    expect(page.locator(".names > *")).to_have_text(["김민수"])

    page.keyboard.down("Enter")
    keys.send("Input.insertText", {"text": "김"})  # the system ends the composition ...
    expect(page.locator("#note-body")).to_have_value("@김민수 ")
    page.keyboard.down("Enter")  # ... and some repeat the key
    page.keyboard.up("Enter")

    expect(page.locator("#note-body")).to_have_value("@김민수 ")


def test_it_passes_a_case_on_with_one_line_of_why(
    lake: Lake, visit: Callable[..., Page], agent, billing
):
    case = wrote(lake, agent)
    page = visit(agent, f"/inbox/{case.pk}/")

    page.get_by_role("button", name="더 보기").click()
    why = page.locator("#more-menu").get_by_placeholder("넘기는 까닭 한 줄")
    why.fill("이중 결제예요")
    why.press("Enter")
    assert Case.objects.get(pk=case.pk).department_id != billing.pk
    page.locator("#more-menu").get_by_role("button", name="요금·정산").click()

    expect(page.locator(".event q")).to_have_text("이중 결제예요")
    assert Case.objects.get(pk=case.pk).department_id == billing.pk


def test_it_asks_before_what_a_case_waits_for_is_withdrawn(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None], agent, billing
):
    from sori.teamwork import services

    case = wrote(lake, agent)
    services.ask(case=case.pk, member=agent, department=billing, words="이중 결제인지 봐 주세요")
    page = visit(agent, f"/inbox/{case.pk}/")
    asked: list[str] = []

    @contextmanager
    def answering(*, yes: bool) -> Iterator[None]:
        """Whatever is done in here makes the page ask, and somebody answers."""

        def said(dialog: Dialog) -> None:
            asked.append(dialog.message)
            dialog.accept() if yes else dialog.dismiss()

        page.once("dialog", said)
        with page.expect_event("dialog"):
            yield

    expect(page.locator("#tasks")).to_contain_text("상담을 해결하면 이 협업 요청 1건을 함께")
    keep(page, "task-waits")
    with answering(yes=False):
        page.keyboard.press("e")
    expect(page.locator("#head")).to_contain_text("보류")

    # the same for what was picked in the list
    page.keyboard.press("x")
    settle = page.locator("#picked").get_by_role("button", name="해결", exact=True)
    with answering(yes=False):
        settle.click()
    expect(page.locator("#picked")).to_be_visible()
    with answering(yes=True):
        settle.click()
    expect(page.locator("#picked")).to_be_hidden(timeout=15_000)
    expect(page.locator("#head")).to_contain_text("다시 열기", timeout=15_000)

    assert (
        asked == ["아직 답이 없는 협업 요청이 1건 있습니다(요금·정산). 해결하면 함께 거둡니다."] * 3
    )
    assert Task.objects.get().with_case
    page.get_by_role("button", name="다시 열기").click()
    expect(page.get_by_text("상담이 해결되어 거뒀습니다.")).to_be_visible(timeout=15_000)
    keep(page, "task-withdrawn")
    page.get_by_role("button", name="다시 요청").click()
    expect(page.locator("#tasks .task")).to_have_count(2)
    assert Task.objects.filter(status="open").count() == 1

"""A customer on a page of the shop's, which is another origin with a strict policy of its own, and
an agent in the inbox: they talk."""

import http.server
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, Route, expect
from pytest_django import Settings

from chat_windows import answered, chat, statement, taken_up
from desk import member
from page_faults import note_faults
from sori.lake.store import Lake
from sori.listen.models import Intake, Source
from sori.respond import outbox
from sori.respond.models import Message
from sori.webchat.models import Line, Visitor
from waiting import topics, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Shop(http.server.ThreadingHTTPServer):
    """One page under a policy that lets in nothing but the script and what it asks.

    Attributes:
        snippet: what the shop has put into its page.
        policy: its Content-Security-Policy.
    """

    snippet = policy = ""

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server_port}"

    def page(self) -> bytes:
        text = (
            '<!doctype html><html lang="ko"><meta charset="utf-8"><title>가게</title>'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<h1>가게</h1><p>오늘의 상품</p><a href='#'>장바구니</a>{self.snippet}"
        )
        return text.encode()


class Counter(http.server.BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(self.server.page())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def shop(site: str) -> Iterator[Shop]:
    server = Shop(("127.0.0.1", 0), Counter)
    server.policy = (
        f"default-src 'none'; script-src {site}; connect-src {site}; "
        "require-trusted-types-for 'script'"
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def source(shop: Shop, site: str, settings: Settings) -> Source:
    settings.UNDO_SEND = timedelta(0)
    row = chat(origins=[shop.origin], heading="소담 고객센터", hours="평일 9시–18시 사이에 답해요")
    shop.snippet = f'<script src="{site}/chat/{row.slug}/widget.js" async></script>'
    return row


@pytest.fixture
def customer(chromium: Browser, shop: Shop) -> Iterator[Callable[..., Page]]:
    """Lets a customer open the shop; whatever goes wrong in the page fails the test."""
    wrong: list[str] = []

    def come(width: int = 1100, height: int = 800, **how: str) -> Page:
        context = chromium.new_context(
            locale="ko-KR",
            reduced_motion="reduce",
            viewport={"width": width, "height": height},
            **how,
        )
        page = context.new_page()
        note_faults(page, wrong)
        page.goto(f"{shop.origin}/")
        return page

    yield come
    # what a test lets fall on its way is no fault of the page
    assert [line for line in wrong if "Failed to load resource" not in line] == []


def compose(keys: CDPSession, text: str) -> None:
    keys.send("Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1})


def opened(page: Page) -> Locator:
    """The window, opened with the keyboard."""
    button = page.get_by_role("button", name="채팅 상담 열기")
    button.focus()
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog", name="소담 고객센터")
    expect(window).to_be_visible()
    return window


def said(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="메시지를 입력하세요").fill(text)
    page.keyboard.press("Enter")
    wait_until(lambda: Line.objects.filter(text=text).exists())


def focused(page: Page) -> str:
    return page.evaluate(
        "(() => { let one = document.activeElement; while (one?.shadowRoot?.activeElement)"
        " one = one.shadowRoot.activeElement; return one?.getAttribute('aria-label')"
        " || one?.className || one?.tagName })()"
    )


def test_they_talk_live_and_in_korean(
    lake: Lake, source: Source, customer: Callable[..., Page], visit: Callable[..., Page],
    keep: Callable[[Page, str], None],
):  # fmt: skip
    page = customer()
    window = opened(page)
    expect(window).to_contain_text("무엇을 도와드릴까요?")
    assert focused(page) == "메시지를 입력하세요"

    keys = page.context.new_cdp_session(page)
    keys.send("Input.insertText", {"text": "배송이 언제 오나"})
    compose(keys, "요")
    page.keyboard.down("Enter")
    keys.send("Input.insertText", {"text": "요"})  # the system ends the composition ...
    page.keyboard.down("Enter")  # ... and some repeat the key
    page.keyboard.up("Enter")
    wait_until(lambda: Line.objects.exists())
    expect(window.locator(".mine .text")).to_have_text(["배송이 언제 오나요"])
    page.wait_for_timeout(300)
    assert [one.text for one in Line.objects.all()] == ["배송이 언제 오나요"]

    case = taken_up(source).conversation.case_id
    wait_until(lambda: f"case:{case}" in topics())
    agent = member("이서연")
    desk = visit(agent, f"/inbox/{case}/?tab=open")
    expect(desk.locator("#timeline")).to_contain_text("배송이 언제 오나요")
    expect(desk.locator(".at-window")).to_contain_text("지금 채팅 창에 있어요")
    desk.locator("#reply-body").fill("내일 오전에 도착해요. https://shop.example/track <b>확인</b>")
    keep(desk, "chat-desk")
    desk.locator("form.reply").get_by_role("button", name="보내기", exact=False).last.click()
    wait_until(lambda: outbox.deliver_due() or Message.objects.filter(state="sent").exists())

    answer = window.locator(".line:not(.mine) .text").last
    expect(answer).to_have_text("내일 오전에 도착해요. https://shop.example/track <b>확인</b>")
    expect(window.locator(".who").last).to_have_text("이서연")
    expect(answer.locator("a")).to_have_attribute("href", "https://shop.example/track")
    keep(page, "chat-window")

    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    assert focused(page) == "채팅 상담 열기"
    answered(Message.objects.filter(direction="in").latest("pk"), agent, "더 궁금한 것 있으세요?")
    expect(page.get_by_role("button", name="채팅 상담 열기 (안 읽은 답 1개)")).to_be_visible()

    page.reload()
    window = opened_again(page)
    expect(window).to_contain_text("더 궁금한 것 있으세요?")
    wait_until(lambda: Visitor.objects.get().seen_at)
    page.goto("about:blank")
    wait_until(lambda: Visitor.objects.get().seen_at is None)


def opened_again(page: Page) -> Locator:
    page.get_by_role("button", name="채팅 상담 열기").click()
    return page.get_by_role("dialog")


def test_it_is_for_the_keyboard_and_for_screen_readers(
    lake: Lake, source: Source, customer: Callable[..., Page]
):
    page = customer()
    launch = page.get_by_role("button", name="채팅 상담 열기")
    expect(launch).to_have_attribute("aria-expanded", "false")
    window = opened(page)

    expect(page.get_by_role("log", name="대화 내용")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("heading", name="소담 고객센터")).to_be_visible()
    expect(page.get_by_role("status")).to_have_count(1)
    for button in window.get_by_role("button").all():
        assert (button.get_attribute("aria-label") or button.inner_text()).strip()
    round_trip = []
    for _ in range(6):
        round_trip.append(focused(page))
        page.keyboard.press("Tab")
    stops = {"메시지를 입력하세요", "채팅 닫기", "대화 내용"}
    assert set(round_trip) == stops, "what is empty cannot be sent, and the page waits behind"
    page.keyboard.press("Shift+Tab")
    assert focused(page) in stops

    field = page.get_by_role("textbox", name="메시지를 입력하세요")
    field.focus()
    page.keyboard.type("첫 줄")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("둘째 줄")
    page.keyboard.press("Enter")
    expect(window.locator(".mine .text")).to_have_text("첫 줄\n둘째 줄")
    page.keyboard.press("Enter")  # nothing is left to send
    wait_until(lambda: Intake.objects.count() == 1)


@pytest.mark.slow
def test_it_says_so_when_something_did_not_get_through_and_tries_again(
    lake: Lake, source: Source, customer: Callable[..., Page]
):
    page = customer()
    window = opened(page)
    said(page, "하나")
    down = [2]

    def fall(route: Route) -> None:
        down[0] -= 1
        route.abort() if down[0] >= 0 else route.continue_()

    field = page.get_by_role("textbox")
    page.route("**/say", fall)
    for text in ("둘", "셋"):
        field.fill(text)
        page.keyboard.press("Enter")
    expect(window.locator(".mine .when").last).not_to_contain_text("보내는 중", timeout=20_000)
    assert [one.text for one in Line.objects.order_by("pk")] == ["하나", "둘", "셋"]

    page.unroute("**/say")
    Visitor.objects.all().delete()  # forgotten there: the window begins anew and loses no words
    said(page, "넷")
    expect(window.locator(".mine .text")).to_have_text(["하나", "둘", "셋", "넷"])


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.slow), "dark"])
def test_it_fills_a_telephone_and_follows_the_dark(
    lake: Lake, source: Source, customer: Callable[..., Page], keep: Callable[[Page, str], None],
    scheme: str,
):  # fmt: skip
    source.settings |= {"reply_by": "mail"}
    source.save()
    page = customer(390, 844, color_scheme=scheme)
    window = opened(page)
    box = window.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    said(page, "밤에는 몇 시까지 하세요? 아주 긴 말도 창 밖으로 나가지 않아야 합니다 " + "가" * 60)
    answered(taken_up(source), member("이서연"), "밤 열 시까지 합니다.")
    expect(window).to_contain_text("밤 열 시까지 합니다.")
    page.get_by_label("메일 주소").fill("없는주소")
    page.get_by_role("button", name="저장").click()
    expect(page.get_by_role("status")).to_have_text("메일 주소를 다시 확인해 주세요.")
    keep(page, f"chat-phone-{scheme}")
    page.get_by_label("메일 주소").fill("haeun@customer.example")
    page.keyboard.press("Enter")
    expect(window).to_contain_text("haeun@customer.example 주소로 답을 보내 드려요")
    assert Visitor.objects.get().email == "haeun@customer.example"
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    paper = window.evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")


def test_it_knows_a_signed_customer_and_says_when_the_signature_is_wrong(
    lake: Lake, source: Source, shop: Shop, customer: Callable[..., Page]
):
    def signed(said: dict[str, str]) -> None:
        identity = said["identity"].replace('"', "&quot;")
        attributes = f'async data-identity="{identity}" data-signature="{said["signature"]}"'
        shop.snippet = shop.snippet.partition(" async")[0] + f" {attributes}></script>"

    signed(statement())
    page = customer()
    opened(page)
    said(page, "제 주문이요")
    assert Visitor.objects.get().user == "42"
    assert page.evaluate("localStorage.length") == 0

    signed(statement("guessed"))
    other = page.context.browser.new_context(locale="ko-KR").new_page()
    other.goto(f"{shop.origin}/")
    opened(other)
    expect(other.get_by_role("status")).to_have_text(
        "로그인 정보를 확인하지 못했어요. 다시 로그인해 주세요."
    )

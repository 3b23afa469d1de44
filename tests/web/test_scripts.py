"""Our scripts in a real browser: composing Korean, keys, clocks and live news."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, CDPSession, Page, Route, sync_playwright

from sori.database import write_atomic
from sori.journal.services import record
from sori.staff.models import Member, Role
from waiting import topics, wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def context(
    site: str, make_member: Callable[..., Member], monkeypatch: pytest.MonkeyPatch
) -> Iterator[BrowserContext]:
    """Chromium with an agent's session."""
    browser = Client()
    browser.force_login(make_member(Role.AGENT))
    session = browser.cookies["sori_session"].value
    with sync_playwright() as playwright:
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps a loop running
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        made = chromium.new_context(base_url=site, locale="ko")
        made.add_cookies([{"name": "sori_session", "value": session, "url": site}])
        yield made
        chromium.close()


def opened(context: BrowserContext, body: str, *scripts: str) -> Page:
    """A page of the site with this body and these of our scripts."""
    files = settings.STATIC_URL
    tags = [f'<script type="module" src="{files}sori/{name}"></script>' for name in scripts]
    tags.append(f'<script src="{files}django_htmx/htmx-2.min.js"></script>')
    html = f"<!doctype html><html lang=ko><meta charset=utf-8>{''.join(tags)}{body}"

    def answer(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page = context.new_page()
    page.route("**/page-of-this-test", answer)
    page.goto("/page-of-this-test")
    return page


SENDS = """
<form onsubmit="event.preventDefault(); (window.sent ??= []).push(this.text.value)">
<textarea name="text" data-send="enter"></textarea><button data-default>보내기</button></form>
"""


def compose(keys: CDPSession, text: str) -> None:
    keys.send("Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1})


def test_it_sends_a_composed_syllable_whole_and_once(context: BrowserContext) -> None:
    page = opened(context, SENDS, "ime.js")
    keys = context.new_cdp_session(page)
    page.focus("textarea")
    keys.send("Input.insertText", {"text": "안녕하세"})
    compose(keys, "요")
    page.keyboard.down("Enter")
    assert page.evaluate("window.sent") is None
    keys.send("Input.insertText", {"text": "요"})  # the system ends the composition ...
    page.keyboard.down("Enter")  # ... and some repeat the key
    page.keyboard.up("Enter")
    page.wait_for_function("window.sent")
    page.wait_for_timeout(100)
    assert page.evaluate("window.sent") == ["안녕하세요"]


def test_it_sends_with_one_press_when_nothing_is_composed(context: BrowserContext) -> None:
    page = opened(context, SENDS, "ime.js")
    page.fill("textarea", "hello")
    page.press("textarea", "Shift+Enter")
    assert page.evaluate("window.sent") is None
    page.press("textarea", "Enter")
    page.press("textarea", "Enter")
    assert [text.strip() for text in page.evaluate("window.sent")] == ["hello", "hello"]


KEYS = """
<button data-key="KeyE" onclick="window.pressed = (window.pressed ?? 0) + 1">해결</button>
<input data-key="Slash"><ul data-key-next="KeyJ" data-key-previous="KeyK">
<li aria-selected="true"><a href="#1">1</a></li>
<li aria-selected="false"><a href="#2">2</a></li></ul>
"""


def test_it_takes_keys_by_their_place_and_rests_in_text_fields(context: BrowserContext) -> None:
    page = opened(context, KEYS, "shortcuts.js")
    keys = context.new_cdp_session(page)
    korean = {"key": "ㄷ", "code": "KeyE", "windowsVirtualKeyCode": 69}
    keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **korean})
    keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **korean})
    assert page.evaluate("window.pressed") == 1
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") == "INPUT"
    page.keyboard.press("e")
    assert page.evaluate("window.pressed") == 1
    assert page.input_value("input") == "e"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+e")
    assert page.evaluate("window.pressed") == 1
    page.keyboard.press("j")
    page.wait_for_url("**#2")


def test_it_lets_a_clock_run_over(context: BrowserContext) -> None:
    now = timezone.now().timestamp() * 1000
    page = opened(context, "", "countdown.js")
    read = f"""async () => {{
        const {{ reading, duration }} = await import("{settings.STATIC_URL}sori/countdown.js");
        const now = {now}, over = "초과 %s";
        const at = (due) => reading(now - 3600e3, now + due - 900e3, now + due, now, over);
        return [at(3600e3), at(600e3), at(-720e3), duration(6000), duration(90000), duration(0)];
    }}"""
    half, soon, over, *said = page.evaluate(read)
    assert half == {"state": "", "share": 50, "words": "1시간"}
    assert (soon["state"], soon["words"]) == ("soon", "10분")
    assert (over["state"], over["words"]) == ("over", "초과 12분")
    assert said == ["1시간 40분", "1일 1시간", "0분"]


NEWS = """
<p data-live="inbox" data-live-within="0" hx-get="/health" hx-trigger="live">old</p>
<script>
window.heard = 0;
document.addEventListener("live:inbox", () => window.heard++);
</script>
"""


def happen(about: str = "case:1") -> None:
    with write_atomic():
        record("case.opened", about)


def listeners() -> int:
    from sori.web.asgi import application

    return len({each for some in application._live.hub._by_topic.values() for each in some})


def test_it_shares_one_connection_among_tabs_and_passes_it_on(context: BrowserContext) -> None:
    first = opened(context, NEWS, "live.js")
    wait_until(lambda: listeners() == 1)
    second = opened(context, NEWS + '<i data-live="case:1"></i>', "live.js")
    wait_until(lambda: topics() == {"inbox", "case:1"})
    happen()
    for page in (first, second):
        page.wait_for_function("window.heard >= 1")
        page.wait_for_function("document.querySelector('p').textContent.includes('ok')")
    assert listeners() == 1
    first.close()
    wait_until(lambda: listeners() == 1)
    heard = second.evaluate("window.heard")
    happen("case:2")
    second.wait_for_function(f"window.heard > {heard}")

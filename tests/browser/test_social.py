"""X and Bluesky with the mouse, in a real Chromium: connected, heard, answered here or there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk import answers, member, say
from peers import bluesky_server, x_server
from screens import on_every_screen
from sori.channels import registry
from sori.channels.bluesky.door import Bluesky
from sori.channels.contract import Listener
from sori.channels.x.door import X
from sori.lake.store import Lake
from sori.listen import services
from sori.listen.models import Source
from sori.respond.models import Case
from sori.staff.models import Member, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOORS: dict[str, Any] = {"x": X(), "bluesky": Bluesky()}


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    really = registry.channel
    monkeypatch.setattr(registry, "channel", lambda name: DOORS.get(name) or really(name))
    monkeypatch.setattr(registry, "names", lambda: ("bluesky", "x"))


@pytest.fixture
def x() -> Iterator[x_server.XServer]:
    with x_server.running() as server:
        yield server


@pytest.fixture
def bluesky() -> Iterator[bluesky_server.BlueskyServer]:
    with bluesky_server.running() as server:
        yield server


def heard(lake: Lake, name: str, channel: str, settings: dict[str, Any], **meaning: Any) -> Case:
    """What is there comes into the inbox, understood like this."""
    place = services.add_source(name=name, channel=channel, settings=settings, keep="all")
    door = DOORS[channel]
    for page in door.fetch(door.Settings(**settings), None, Listener(place.pk, datetime.now(UTC))):
        if page.mentions.num_rows:
            say(lake, *(row | meaning for row in page.mentions.to_pylist()))
    return Case.objects.get()


def test_x_is_connected_by_its_form(visit: Callable[..., Page], keep: Callable[[Page, str], None]):
    page = visit(member(role=Role.ADMIN), "/sources/new/x/")
    page.locator('[name="name"]').fill("X")
    page.get_by_label("X의 우리 계정").fill("@sori_telecom")
    page.get_by_label("우리 계정 번호").fill("77")
    page.get_by_label("베어러 토큰").fill("hush-hush")
    page.get_by_label("찾을 글").fill("소리텔레콤 lang:ko\n(소리 요금제)")
    page.get_by_label("하루에 쓸 수 있는 금액").fill("2.5")
    keep(page, "x-form")
    page.locator('[name="settings-api_key"]').fill("only one of four")
    page.locator('form button[type="submit"], form .btn.solid').last.click()
    expect(page.locator("main")).to_contain_text("두 시크릿이 모두 필요해요")

    page.get_by_label("베어러 토큰").fill("hush-hush")
    page.locator('form button[type="submit"], form .btn.solid').last.click()
    expect(page.locator("h1")).to_contain_text("X")
    source = Source.objects.get()
    assert source.settings["queries"] == ["소리텔레콤 lang:ko", "(소리 요금제)"]
    assert source.settings["per_day"] == 2.5
    assert "hush-hush" not in str(source.settings)


def test_who_did_not_name_us_is_answered_on_x(
    lake: Lake, x: x_server.XServer, visit: Callable[..., Page]
):
    post = x.say("소리텔레콤 요금이 왜 이렇게 비싸요?", "kim_haeun")
    settings = x_server.settings_of(x, mentions=False, queries=["소리텔레콤"])
    case = heard(lake, "X", "x", settings, answer=True, kind="question")
    page = visit(member("안나"), f"/inbox/{case.pk}/")

    link = page.locator("a[target=_blank]", has_text="원문으로 가기")
    expect(link).to_have_attribute("href", f"https://x.com/kim_haeun/status/{post['id']}")
    expect(page.locator("#reply-room")).to_have_count(0)


@on_every_screen("bluesky-form")
def test_the_stream_of_bluesky_is_chosen_in_its_form(
    visit: Callable[..., Page],
    keep: Callable[[Page, str], None],
    theme: str,
    width: int,
    name: str,
):
    admin = member(role=Role.ADMIN)
    Member.objects.filter(pk=admin.pk).update(theme=theme)
    page = visit(admin, "/sources/new/bluesky/", width=width)
    page.locator('[name="name"]').fill("블루스카이")
    page.locator('[name="settings-account"]').fill("shop.bsky.social")
    page.get_by_label("앱 비밀번호").fill("hush-hush")
    page.get_by_label("검색어").fill("텀블러 from:kim.bsky.social")
    page.get_by_label("바로 듣는 곳").select_option("jetstream")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    keep(page, name)
    page.locator('form button[type="submit"], form .btn.solid').last.click()
    expect(page.locator("main")).to_contain_text("lang:만 쓸 수 있어요")

    page.get_by_label("앱 비밀번호").fill("hush-hush")
    page.get_by_label("검색어").fill("텀블러 -광고")
    page.locator('form button[type="submit"], form .btn.solid').last.click()
    expect(page.locator("h1")).to_contain_text("블루스카이")
    source = Source.objects.get()
    assert (source.settings["stream"], source.settings["words"]) == ("jetstream", ["텀블러 -광고"])


@on_every_screen("bluesky-answer")
def test_a_question_on_bluesky_is_answered(
    lake: Lake,
    bluesky: bluesky_server.BlueskyServer,
    visit: Callable[..., Page],
    keep: Callable[[Page, str], None],
    theme: str,
    width: int,
    name: str,
):
    bluesky.say(f"@{bluesky_server.HANDLE} 주문한 텀블러가 안 와요", "haeun.bsky.test")
    case = heard(lake, "블루스카이", "bluesky", bluesky_server.settings_of(bluesky))
    agent = member("안나")
    Member.objects.filter(pk=agent.pk).update(theme=theme)
    page = visit(agent, f"/inbox/{case.pk}/", width=width)

    area = page.locator("#reply-body")
    area.fill("내일 도착합니다.")
    expect(page.locator("[data-count]")).to_have_text("9 / 300")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    keep(page, name)
    page.keyboard.press("Control+Enter")
    expect(area).to_have_value("")
    assert [one.body for one in answers()] == ["내일 도착합니다."]

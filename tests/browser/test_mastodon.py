"""Writing an answer that may only be so long, in a real Chromium."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from desk import answers, member, say
from peers import mastodon_server
from peers.mastodon_server import MastodonServer, settings_of
from screens import on_every_screen
from sori.channels import registry
from sori.channels.contract import Listener
from sori.channels.mastodon.door import Mastodon
from sori.lake.store import Lake
from sori.listen import services
from sori.respond.models import Case
from sori.staff.models import Member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOOR = Mastodon()


@pytest.fixture
def server() -> Iterator[MastodonServer]:
    with mastodon_server.running() as place:
        yield place


@pytest.fixture
def asked(lake: Lake, server: MastodonServer, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A customer on Mastodon has asked us something."""
    installed = registry.channel
    monkeypatch.setattr(
        registry, "channel", lambda name: DOOR if name == "mastodon" else installed(name)
    )
    place = services.add_source(
        name="마스토돈", channel="mastodon", settings=settings_of(server), keep="all"
    )
    server.say("@shop 주문한 텀블러가 일주일째 안 와요. 언제 도착하나요?", "kim_haeun")
    settings = DOOR.Settings(**settings_of(server))
    for page in DOOR.fetch(settings, None, Listener(place.pk, datetime.now(UTC))):
        say(lake, *page.mentions.to_pylist())
    return Case.objects.get()


def test_it_counts_with_the_channel_and_refuses_more(asked: Case, visit: Callable[..., Page]):
    page = visit(member("안나"), f"/inbox/{asked.pk}/")
    area, count = page.locator("#reply-body"), page.locator("[data-count]")

    area.focus()
    expect(count).to_have_text("11 / 500")
    area.fill("여기를 봐 주세요 https://shop.example/" + "x" * 300)
    expect(count).to_have_text("44 / 500")
    area.fill("가" * 500)
    expect(count).to_have_text("511 / 500")
    expect(count).to_have_class("count num bad-text")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".composer .said")).to_contain_text("500자까지")
    expect(area).to_have_value("가" * 500)
    assert not [one for one in answers() if one.state != "draft"]

    area.fill("내일 도착합니다.")
    expect(count).to_have_text("20 / 500")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#reply-body")).to_have_value("")
    assert [one.body for one in answers()] == ["내일 도착합니다."]


@on_every_screen("mastodon-answer")
def test_it_can_be_seen(
    asked: Case,
    visit: Callable[..., Page],
    keep: Callable[[Page, str], None],
    theme: str,
    width: int,
    name: str,
):
    agent = member("안나")
    Member.objects.filter(pk=agent.pk).update(theme=theme)
    page = visit(agent, f"/inbox/{asked.pk}/", width=width)
    page.locator("#reply-body").focus()
    room = page.locator("#reply-room")
    expect(room).to_be_visible()
    assert room.evaluate("line => line.scrollWidth <= line.clientWidth")
    if width > 1180:
        assert page.locator(".row .ch use").get_attribute("href") == "#ch-mastodon"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    keep(page, name)

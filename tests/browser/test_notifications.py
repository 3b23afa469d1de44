"""A colleague hands over a case: the bell counts, the case is opened, mail and messenger follow."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from desk import member, opened
from peers import mail_door, web_hook
from peers.mail_door import MailDoor
from peers.web_hook import WebHook
from screens import on_every_screen
from sori.lake.store import Lake
from sori.notifications.models import Line, Outlet
from sori.notifications.posting import post_due
from sori.notifications.reading import tell_due
from sori.notifications.services import add_outlet, choose
from sori.respond import services
from sori.staff.models import Member, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def post(settings: Settings) -> Iterator[MailDoor]:
    with mail_door.opened(settings) as door:
        yield door


@pytest.fixture
def hook(settings: Settings) -> Iterator[WebHook]:
    settings.PRIVATE_WEBHOOKS = True
    with web_hook.listening() as listening:
        yield listening


def proved(name: str, role: str = Role.AGENT) -> Member:
    made = member(name, role)
    made.email_proved_at = timezone.now()
    made.save()
    return made


def test_it_tells_a_colleague_in_the_page_by_mail_and_later_by_messenger(
    lake: Lake, visit: Callable[..., Page], post: MailDoor, hook: WebHook
):
    agent, boss = proved("이서연"), proved("김팀장", Role.SUPERVISOR)
    case = opened(lake).conversation.case
    tell_due()
    outlet = add_outlet(member=boss, name="내 방", address=hook.address, shared=True)
    Outlet.objects.filter(pk=outlet.pk).update(member=agent)
    now = timezone.localtime()
    minute = now.hour * 60 + now.minute
    quiet = {"quiet_since": (minute - 60) % 1440, "quiet_until": (minute + 60) % 1440}
    page = visit(agent, "/inbox/?tab=open")
    bell = page.locator("#bell")
    expect(bell.locator("b")).to_have_count(0)

    # she is not to be disturbed now; in the page it stands all the same
    choose(member=agent, quiet_days=list(range(7)), **quiet)
    services.assign(case=case.pk, member=boss, owner=agent)
    tell_due()
    expect(bell.locator("b")).to_have_text("1")
    expect(page.locator(".toast")).to_contain_text(f"김팀장 님이 #{case.pk} 상담을 맡겼습니다")
    assert post_due() == 0
    assert hook.heard == []
    assert post.mails == []

    # the quiet hours end before she looks
    past = timezone.now() - timedelta(seconds=5)
    Line.objects.update(due_at=past)
    Outlet.objects.update(due_at=past)
    while post_due():
        pass
    assert [said["text"].splitlines()[0] for said in hook.heard] == [
        f"김팀장 님이 #{case.pk} 상담을 맡겼습니다"
    ]
    assert [mail["To"] for mail in post.mails] == [agent.email]

    bell.click()
    page.get_by_role("link", name=f"김팀장 님이 #{case.pk} 상담을 맡겼습니다").click()
    page.wait_for_url(f"**/inbox/{case.pk}/")
    expect(page.get_by_role("button", name="지켜보기")).to_be_visible()
    expect(page.locator("#bell b")).to_have_count(0)

    page.keyboard.press("w")
    expect(page.get_by_role("button", name="지켜보기 해제")).to_be_visible()
    expect(page.get_by_role("button", name="지켜보는 사람 1명")).to_be_visible()


@on_every_screen("notifications")
def test_it_fits_every_screen(
    theme: str,
    width: int,
    name: str,
    lake: Lake,
    visit: Callable[..., Page],
    keep: Callable[[Page, str], None],
):
    agent = proved("이서연")
    agent.theme = theme
    agent.save()
    services.assign(case=opened(lake).conversation.case.pk, member=proved("김팀장"), owner=agent)
    page = visit(agent, "/notifications/settings/", width=width)
    keep(page, f"{name}-settings")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/notifications/")
    keep(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

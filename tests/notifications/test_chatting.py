"""Messengers: which addresses are taken, what is told there, quiet hours, and what fails."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from pytest_django import Settings

from desk import signed_in
from peers.web_hook import WebHook, listening
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.models import Event
from sori.journal.services import record
from sori.notifications import chatting
from sori.notifications.models import Line, Outlet
from sori.notifications.posting import MOST_FAILURES
from sori.notifications.reading import tell_due
from sori.notifications.services import add_outlet, choose, remove_outlet, try_outlet
from sori.respond import services
from sori.respond.models import Case
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]
Later = Callable[[], None]
DISCORD = "https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
AZURE = "prod-1.westus.logic.azure.com:443/643ae1/abc123"


@pytest.fixture
def hook(settings: Settings) -> Iterator[WebHook]:
    settings.PRIVATE_WEBHOOKS = True
    settings.SITE_URL = "https://sori.example"
    with listening() as opened, translation.override("en"):
        settings.LANGUAGE_CODE = "en"
        yield opened


def room(hook: WebHook, by: Member, *occasions: str, words: bool = False) -> Outlet:
    return add_outlet(
        member=by,
        name="#support",
        address=hook.address,
        shared=True,
        occasions=occasions or ("clock_escalated",),
        words=words,
    )


def escalate(case: Case, *to: int) -> None:
    with write_atomic():
        record("clock.escalated", f"case:{case.pk}", clock=1, clock_kind="promise", to=list(to))
    tell_due()


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "Slack"),
        (DISCORD, "Discord"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", "Telegram"),
        (f"workflows://{AZURE}", "Power Automate / Workflows (for MSTeams)"),
        ("ntfy://a-topic-of-mine", "ntfy"),
    ],
)
def test_it_takes_services_whose_hosts_are_fixed(address: str, service: str):
    assert chatting.judged(address, shared=False) == service


@pytest.mark.parametrize(
    "address",
    [
        "json://127.0.0.1/hook",
        "http://127.0.0.1/hook",
        "https://hooks.example/x",
        "ntfy://127.0.0.1/topic",
        "workflows://127.0.0.1:443/643ae1/abc123",
        "workflows://logic.azure.com.evil.example:443/643ae1/abc123",
        f"workflows://{AZURE}?template=/etc/passwd",
        f"{DISCORD}?avatar_url=http://127.0.0.1/",
        "file:///etc/passwd",
        "mailto://user:password@evil.example",
        "syslog://",
        "dbus://",
        "not an address",
        "",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ\n",
        "x" * 3000,
    ],
)
def test_it_takes_no_address_that_leads_elsewhere(address: str, colleague: Make):
    if address.endswith("\n"):
        address += "x"
    with pytest.raises(Refused):
        add_outlet(member=colleague(), name="mine", address=address)
    assert not Outlet.objects.exists()


def test_it_trusts_nobody_because_an_address_asks_to():
    assert chatting._plugin(f"{DISCORD}?verify=no") is None
    assert chatting._plugin(DISCORD).verify_certificate is True


def test_it_tells_a_shared_room_without_the_words_of_a_customer(
    case: Case, colleague: Make, hook: WebHook, later: Later
):
    room(hook, colleague("관리자", Role.ADMIN))
    escalate(case)
    later()

    (said,) = hook.heard
    assert said["text"] == f"#{case.pk} is overdue\nhttps://sori.example/inbox/{case.pk}/"
    assert case.subject not in said["text"]


def test_it_tells_the_subject_where_that_is_allowed(
    case: Case, colleague: Make, hook: WebHook, later: Later
):
    room(hook, colleague("관리자", Role.ADMIN), words=True)
    escalate(case)
    later()
    assert case.subject in hook.heard[0]["text"]


def test_it_lets_no_customer_call_everybody(
    case: Case, colleague: Make, hook: WebHook, later: Later
):
    room(hook, colleague("관리자", Role.ADMIN), words=True)
    Case.objects.update(subject="@everyone <!channel> 도와주세요")
    escalate(case)
    later()
    assert "@everyone" not in hook.heard[0]["text"]
    assert "<!channel" not in hook.heard[0]["text"]
    assert "도와주세요" in hook.heard[0]["text"]


def test_it_tells_a_room_what_was_chosen_for_it_alone(
    case: Case, colleague: Make, hook: WebHook, later: Later
):
    room(hook, colleague("관리자", Role.ADMIN), "surge")
    escalate(case)
    later()
    assert hook.heard == []


def test_it_keeps_the_address_to_itself(case: Case, colleague: Make, hook: WebHook):
    admin = colleague("관리자", Role.ADMIN)
    outlet = room(hook, admin)
    page = signed_in(admin).get("/notifications/rooms/").content.decode()
    assert "#support" in page
    assert hook.address not in page
    assert hook.address.encode() not in bytes(outlet.sealed)
    assert hook.address not in str(list(Event.objects.values_list("data", flat=True)))


def test_it_holds_a_message_through_quiet_hours(
    case: Case, colleague: Make, hook: WebHook, later: Later
):
    boss = colleague("김팀장", Role.SUPERVISOR)
    own = room(hook, colleague("관리자", Role.ADMIN))
    Outlet.objects.filter(pk=own.pk).update(member=boss)
    minute = timezone.localtime().hour * 60 + timezone.localtime().minute
    quiet = {"quiet_since": (minute - 60) % 1440, "quiet_until": (minute + 60) % 1440}
    choose(member=boss, quiet_days=list(range(7)), **quiet)
    escalate(case, boss.pk)
    escalate(case, boss.pk)
    held = Line.objects.filter(outlet=own).first()
    assert held is not None
    assert held.due_at > timezone.now() + timedelta(minutes=50)

    later()  # the morning comes, and all of it at once
    (said,) = hook.heard
    assert said["text"].count("is overdue") == 1

    choose(member=boss, escalations_pass=True)
    escalate(case, boss.pk)
    newest = Line.objects.filter(outlet=own).latest("pk")
    assert newest.due_at <= timezone.now()


def test_it_tries_again_and_gives_up_where_everybody_sees_it(
    case: Case, colleague: Make, hook: WebHook, later: Later
):
    admin = colleague("관리자", Role.ADMIN)
    outlet = room(hook, admin)
    escalate(case)
    hook.status = 503
    later()
    outlet.refresh_from_db()
    assert outlet.failures == 1
    for _ in range(MOST_FAILURES):
        later()
    outlet.refresh_from_db()
    assert outlet.broken_at is not None
    assert Line.objects.get().state == "failed"
    assert Event.objects.filter(kind="outlet.broken").count() == 1
    page = signed_in(admin).get("/notifications/rooms/").content.decode()
    assert "answers 503" in page
    assert "Needs attention" in page

    hook.status = 204
    try_outlet(outlet=outlet, member=admin)
    outlet.refresh_from_db()
    assert outlet.broken_at is None
    assert hook.heard[-1]["text"] == "Sori can reach you here."


def test_it_says_what_went_wrong_with_a_try(colleague: Make, hook: WebHook, settings: Settings):
    admin = colleague("관리자", Role.ADMIN)
    outlet = room(hook, admin)
    settings.PRIVATE_WEBHOOKS = False
    with pytest.raises(Refused, match="public internet"):
        try_outlet(outlet=outlet, member=admin)
    assert hook.heard == []


def test_it_does_not_send_again_what_nobody_answered(
    case: Case, colleague: Make, hook: WebHook, later: Later, monkeypatch: pytest.MonkeyPatch
):
    room(hook, colleague("관리자", Role.ADMIN))
    escalate(case)
    hook.status = 0
    monkeypatch.setattr(chatting, "_PATIENCE", 1.0)
    later()
    hook.status = 200
    later()
    assert len(hook.heard) == 1
    assert Line.objects.get().state == "unclear"


def test_it_takes_everything_away_with_an_outlet(case: Case, colleague: Make, hook: WebHook):
    admin = colleague("관리자", Role.ADMIN)
    outlet = room(hook, admin)
    escalate(case)
    remove_outlet(outlet=outlet, member=admin)
    assert not Outlet.objects.exists()
    assert not Line.objects.exists()


def test_it_lets_nobody_touch_the_messenger_of_another(colleague: Make, case: Case):
    owner, other, admin = colleague(), colleague("박민수"), colleague("관리자", Role.ADMIN)
    outlet = add_outlet(member=owner, name="mine", address=DISCORD)
    for somebody in (other, admin):
        for deed in ("try", "remove"):
            path = f"/notifications/outlets/{outlet.pk}/{deed}/"
            assert signed_in(somebody).post(path).status_code == 404
    assert Outlet.objects.filter(pk=outlet.pk).exists()
    assert signed_in(owner).post(f"/notifications/outlets/{outlet.pk}/remove/").status_code == 302
    assert not Outlet.objects.exists()


def test_it_adds_a_messenger_from_the_page(colleague: Make):
    agent = colleague()
    browser = signed_in(agent)
    wrong = browser.post("/notifications/outlets/", {"name": "x", "address": "http://127.0.0.1/"})
    assert wrong.status_code == 422
    assert "no address of a messenger" in wrong.content.decode()
    assert (
        browser.post("/notifications/outlets/", {"name": "내 방", "address": DISCORD}).status_code
        == 302
    )
    page = browser.get("/notifications/settings/").content.decode()
    assert "내 방" in page
    assert DISCORD not in page


def test_it_says_how_to_install_what_is_missing(colleague: Make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(chatting, "installed", lambda: False)
    page = signed_in(colleague()).get("/notifications/settings/").content.decode()
    assert "sori-voc[notify]" in page
    with pytest.raises(Refused, match="notify"), translation.override("en"):
        chatting.judged(DISCORD, shared=False)


def test_it_tells_the_same_to_a_messenger_once(
    case: Case, colleague: Make, hook: WebHook, later: Later
):
    agent = colleague()
    own = room(hook, colleague("관리자", Role.ADMIN))
    Outlet.objects.filter(pk=own.pk).update(member=agent, occasions=[])
    services.assign(case=case.pk, member=colleague("김팀장"), owner=agent)
    tell_due()
    later()
    later()
    assert [said["text"].splitlines()[0] for said in hook.heard] == [f"김팀장 gave you #{case.pk}"]


def test_it_speaks_by_apprise_and_shows_what_the_service_complains_of(
    case: Case,
    colleague: Make,
    hook: WebHook,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    from apprise.plugins.discord import NotifyDiscord

    monkeypatch.setattr(NotifyDiscord, "notify_url", hook.address)
    agent = colleague()
    outlet = add_outlet(member=agent, name="내 방", address=DISCORD)
    services.assign(case=case.pk, member=colleague("김팀장"), owner=agent)
    tell_due()
    hook.status = 401
    later()
    outlet.refresh_from_db()
    assert outlet.failures == 1
    assert "401" in outlet.error
    assert "JHMHI8qBe7bk2ZwO5U711o3dV_js" not in outlet.error + caplog.text

    hook.status = 204
    later()
    outlet.refresh_from_db()
    assert outlet.sent_at is not None
    assert f"gave you #{case.pk}" in str(hook.heard[-1])

"""Mail of notifications: in time, once, in one's own language, and easy to end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from desk import letter, say
from peers.mail_door import MailDoor
from sori.database import claim
from sori.errors import Stale
from sori.lake.store import Lake
from sori.notifications import mailing, posting
from sori.notifications.models import Line, Notification, Outlet
from sori.notifications.posting import LEASE, MOST_FAILURES, post_due
from sori.notifications.reading import tell_due
from sori.notifications.services import choose, mark_read
from sori.notifications.tokens import make_token, read_token
from sori.respond import services
from sori.respond.models import Case
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]
Later = Callable[[], None]


def hand_over(case: Case, to: Member, by: Member) -> None:
    services.assign(case=case.pk, member=by, owner=to)
    tell_due()


def states() -> list[str]:
    return list(Line.objects.order_by("event").values_list("state", flat=True))


def test_it_mails_what_was_told(case: Case, colleague: Make, post: MailDoor, later: Later):
    agent = colleague()
    agent.language = "en"
    agent.save()
    hand_over(case, agent, colleague("김팀장"))
    assert post_due() == 0  # it comes with the next full hour
    later()

    (mail,) = post.mails
    assert mail["To"] == agent.email
    assert mail["Subject"].strip() == f"김팀장 gave you #{case.pk}"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip().startswith("<https://sori.example/notifications/mail/")
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body is not None
        text = body.get_content()
        assert case.subject in text
        assert f"https://sori.example/inbox/{case.pk}/" in text
    assert states() == ["sent"]
    assert Outlet.objects.get().due_at is None


def test_it_speaks_the_language_of_the_company_unless_told(
    case: Case, colleague: Make, post: MailDoor, later: Later, korean: None
):
    hand_over(case, colleague(), colleague("김팀장"))
    later()
    assert post.mails[0]["Subject"].strip() == f"김팀장 님이 #{case.pk} 상담을 맡겼습니다"


def test_it_puts_together_what_belongs_together_and_escapes_it(
    case: Case, colleague: Make, post: MailDoor, later: Later, lake: Lake
):
    agent = colleague()
    choose(member=agent, ways={"heard": ["app", "mail"]})
    services.take(case=case.pk, member=agent)
    conversation = case.conversations.get()
    for text in ("아직요?", "<b>제발</b> & 빨리"):
        say(lake, letter(conversation.source, text, thread_id=conversation.thread))
    tell_due()
    later()

    (mail,) = post.mails
    assert "2 new messages" in mail["Subject"] or "2건" in mail["Subject"]
    html, plain = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert "&lt;b&gt;제발&lt;/b&gt; &amp; 빨리" in html.get_content()
    assert "<b>제발</b> & 빨리" in plain.get_content()


def test_it_mails_nothing_that_was_read_meanwhile(
    case: Case, colleague: Make, post: MailDoor, later: Later
):
    agent = colleague()
    hand_over(case, agent, colleague("김팀장"))
    mark_read(member=agent, about=f"case:{case.pk}")
    later()

    assert post.mails == []
    assert states() == ["dropped"]


def test_it_mails_nobody_whose_address_is_not_proved(
    case: Case, colleague: Make, post: MailDoor, later: Later
):
    agent = colleague()
    agent.email_proved_at = None
    agent.save()
    hand_over(case, agent, colleague("김팀장"))
    later()

    assert Notification.objects.filter(member=agent).exists()
    assert not Line.objects.exists()


def test_it_mails_nothing_to_who_may_not_read_it_any_more(
    case: Case, colleague: Make, post: MailDoor, later: Later
):
    agent = colleague()
    hand_over(case, agent, colleague("김팀장"))
    agent.role = Role.VIEWER
    agent.save()
    later()
    assert post.mails == []
    assert states() == ["dropped"]


def test_it_tries_again_with_growing_pauses_and_says_so(
    case: Case, colleague: Make, post: MailDoor, later: Later
):
    hand_over(case, colleague(), colleague("김팀장"))
    post.says = "451 come back later"
    later()
    box = Outlet.objects.get()
    assert (box.failures, states()) == (1, ["waiting"])
    assert "come back later" in box.error
    assert box.due_at is not None
    assert timedelta(seconds=50) < box.due_at - timezone.now() <= timedelta(minutes=1)

    post.says = ""
    later()
    box.refresh_from_db()
    assert (box.failures, box.error, states()) == (0, "", ["sent"])
    assert len(post.mails) == 1


def test_it_names_a_mail_alike_at_every_try(
    case: Case, colleague: Make, post: MailDoor, later: Later, monkeypatch: pytest.MonkeyPatch
):
    names = []
    send = mailing.send
    monkeypatch.setattr(
        mailing, "send", lambda mail: (names.append(mail.extra_headers["Message-ID"]), send(mail))
    )
    hand_over(case, colleague(), colleague("김팀장"))
    post.says = "451 no"
    later()
    post.says = ""
    later()
    assert len(names) == 2
    assert names[0] == names[1]


@pytest.mark.parametrize("says", ["550 nobody here", "data 554 not wanted"])
def test_it_gives_up_what_is_refused_for_good(
    says: str, case: Case, colleague: Make, post: MailDoor, later: Later
):
    hand_over(case, colleague(), colleague("김팀장"))
    post.says = says
    later()

    box = Outlet.objects.get()
    assert box.broken_at is not None
    assert states() == ["failed"]


def test_it_gives_up_after_a_while(case: Case, colleague: Make, post: MailDoor, later: Later):
    hand_over(case, colleague(), colleague("김팀장"))
    post.says = "451 no"
    for _ in range(MOST_FAILURES + 2):
        later()

    box = Outlet.objects.get()
    assert box.failures == MOST_FAILURES
    assert box.broken_at is not None


def test_it_sends_no_second_mail_after_a_worker_died(
    case: Case, colleague: Make, post: MailDoor, later: Later, monkeypatch: pytest.MonkeyPatch
):
    class Died(BaseException):
        pass

    def die(*_: object) -> None:
        raise Died

    hand_over(case, colleague(), colleague("김팀장"))
    with monkeypatch.context() as patch:
        patch.setattr(mailing, "send", die)
        with pytest.raises(Died):
            later()
    assert states() == ["sending"]

    Outlet.objects.update(lease_until=timezone.now() - LEASE)
    post_due()
    assert states() == ["unclear"]
    assert post.mails == []


def test_it_lets_a_slow_worker_write_nothing(
    case: Case, colleague: Make, post: MailDoor, later: Later
):
    hand_over(case, colleague(), colleague("김팀장"))
    past = timezone.now() - timedelta(seconds=2)
    Line.objects.update(due_at=past)
    Outlet.objects.update(due_at=past)
    slow = claim(Outlet.objects.all(), lease=-timedelta(minutes=1))[0]
    quick = claim(Outlet.objects.all(), lease=LEASE)[0]
    posting.post(quick)
    with pytest.raises(Stale):
        posting.post(slow)
    assert len(post.mails) == 1


def test_it_ends_with_one_click_and_without_a_session(case: Case, colleague: Make):
    agent = colleague()
    hand_over(case, agent, colleague("김팀장"))
    browser = Client(enforce_csrf_checks=True)
    path = f"/notifications/mail/{make_token(agent.pk)}/"
    assert browser.get(path).status_code == 200
    assert states() == ["waiting"]  # a look changes nothing: scanners open every link

    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert states() == ["dropped"]
    assert set(agent.notification_choice.rhythms.values()) == {"never"}

    browser.post(path, {"rhythm": "daily"})
    agent.notification_choice.refresh_from_db()
    assert set(agent.notification_choice.rhythms.values()) == {"daily"}


@pytest.mark.parametrize("token", ["7", "7:abc:def", "", "a" * 300])
def test_it_believes_no_key_that_was_made_up(token: str):
    assert read_token(token) is None
    if token:
        assert Client().get(f"/notifications/mail/{token}/").status_code == 404


def test_it_believes_a_key_for_ninety_days():
    with time_machine.travel(timezone.now() - timedelta(days=91)):
        old = make_token(7)
    with time_machine.travel(timezone.now() - timedelta(days=89)):
        fine = make_token(7)
    assert read_token(old) is None
    assert read_token(fine) == 7

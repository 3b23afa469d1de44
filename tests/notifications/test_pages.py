"""What a member sees of what they were told: bell, list, case, choices."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from desk import HTMX, letter, opened, say, signed_in
from sori.lake.store import Lake
from sori.notifications import selectors
from sori.notifications.models import Choice, Notification
from sori.notifications.reading import tell_due
from sori.respond import services
from sori.respond.models import Case
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]


def page(browser: Client, path: str = "/notifications/") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def bell(browser: Client) -> str:
    found = re.search(r'<a id="bell".*?</a>', page(browser), re.DOTALL)
    assert found
    return found[0]


def newest(member: Member) -> int:
    return Notification.objects.filter(member=member).latest("pk").pk


def told(case: Case, to: Member, by: Member) -> None:
    services.assign(case=case.pk, member=by, owner=None)
    services.assign(case=case.pk, member=by, owner=to)
    tell_due()


def test_it_counts_in_the_bell_what_was_not_read(case: Case, colleague: Make):
    agent = colleague()
    browser = signed_in(agent)
    assert "<b>" not in bell(browser)
    told(case, agent, colleague("김팀장"))
    assert "<b>1</b>" in bell(browser)


def test_it_puts_together_what_belongs_together_before_and_after_reading(
    case: Case, colleague: Make, lake: Lake
):
    agent = colleague()
    services.take(case=case.pk, member=agent)
    conversation = case.conversations.get()
    for _ in range(3):
        say(lake, letter(conversation.source, "아직요?", thread_id=conversation.thread))
    tell_due()
    browser = signed_in(agent)
    for _ in range(2):
        text = page(browser)
        assert f"3 new messages in #{case.pk}" in text
        assert text.count('href="/notifications/') >= 1
        assert len(selectors.page(member=agent.pk).rows) == 1
        browser.get(f"/notifications/{newest(agent)}/")
    assert selectors.bell(agent.pk).unread == 0


def test_it_opens_what_it_is_about_and_marks_it_read(case: Case, colleague: Make):
    agent = colleague()
    told(case, agent, colleague("김팀장"))
    answer = signed_in(agent).get(f"/notifications/{newest(agent)}/")
    assert answer["Location"] == f"/inbox/{case.pk}/"
    assert selectors.bell(agent.pk).unread == 0


def test_it_opens_nothing_of_somebody_else(case: Case, colleague: Make):
    agent, other = colleague(), colleague("박민수")
    told(case, agent, colleague("김팀장"))
    assert signed_in(other).get(f"/notifications/{newest(agent)}/").status_code == 404
    assert "#" + str(case.pk) not in page(signed_in(other))


def test_it_is_read_with_the_case_and_the_bell_hears_of_it(case: Case, colleague: Make):
    agent = colleague()
    told(case, agent, colleague("김팀장"))
    browser = signed_in(agent)
    assert 'hx-get="/notifications/case/' in page(browser, f"/inbox/{case.pk}/")
    answer = browser.get(f"/notifications/case/{case.pk}/", headers=HTMX)
    assert "notified" in answer["HX-Trigger"]
    assert selectors.bell(agent.pk).unread == 0
    assert "HX-Trigger" not in browser.get(f"/notifications/case/{case.pk}/", headers=HTMX)


def test_it_marks_all_that_was_in_sight_and_nothing_newer(case: Case, colleague: Make, lake: Lake):
    agent, boss = colleague(), colleague("김팀장")
    told(case, agent, boss)
    seen = newest(agent)
    second = opened(lake, author_id="lee@customer.example").conversation.case
    told(second, agent, boss)
    signed_in(agent).post("/notifications/read/", {"upto": seen})
    assert selectors.bell(agent.pk).unread == 1


def test_it_says_in_a_word_what_arrived(case: Case, colleague: Make):
    agent = colleague()
    browser = signed_in(agent)
    told(case, agent, colleague("김팀장"))
    answer = browser.get("/notifications/bell/?after=0", headers=HTMX)
    assert f"gave you #{case.pk}" in answer["HX-Trigger"]
    path = f"/notifications/bell/?after={newest(agent)}"
    assert "HX-Trigger" not in browser.get(path, headers=HTMX)


def test_it_pages_without_losing_or_doubling(case: Case, colleague: Make):
    agent = colleague()
    services.take(case=case.pk, member=agent)
    for number in range(7):
        services.write_note(case=case.pk, member=colleague(f"동료{number}"), body="메모")
        tell_due()
        signed_in(agent).get(f"/notifications/case/{case.pk}/")
    seen, after = [], None
    while True:
        found = selectors.page(member=agent.pk, after=after, limit=3)
        seen += [row["id"] for row in found.rows]
        after = found.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, reverse=True)


def test_it_reads_the_list_with_as_many_questions_for_many_as_for_few(
    case: Case, colleague: Make, django_assert_max_num_queries
):
    agent = colleague()
    services.take(case=case.pk, member=agent)
    for number in range(20):
        services.write_note(case=case.pk, member=colleague(f"동료{number}"), body="메모")
        tell_due()
        Notification.objects.filter(read_at=None).update(read_at=case.opened_at)
    with django_assert_max_num_queries(4):
        selectors.page(member=agent.pk)


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, ""])
def test_it_starts_at_the_top_for_a_place_that_was_made_up(after: str, colleague: Make):
    assert "Nothing has been told" in page(signed_in(colleague()), f"/notifications/?after={after}")


def test_it_escapes_what_a_customer_called_it(case: Case, colleague: Make):
    Case.objects.update(subject="<script>alert(1)</script>")
    agent = colleague()
    told(case, agent, colleague("김팀장"))
    assert "<script>alert" not in page(signed_in(agent))


def test_it_follows_and_unfollows_and_shows_who_does(case: Case, colleague: Make):
    agent = colleague()
    browser, path = signed_in(agent), f"/notifications/case/{case.pk}/follow/"
    answer = browser.post(path, {"follow": "yes"}, headers=HTMX)
    assert "이서연" in answer.content.decode()
    assert [one["name"] for one in selectors.followers(case.pk)] == ["이서연"]
    assert f"#{case.pk}" in page(browser)
    assert browser.post(path, {"follow": "no"})["Location"] == f"/inbox/{case.pk}/"
    assert selectors.followers(case.pk) == []
    assert browser.post("/notifications/case/999999/follow/", {"follow": "yes"}).status_code == 404


def choose(browser: Client, **more: object) -> Client:
    """Send the page of choices back as it came, but for these."""
    text = page(browser, "/notifications/settings/")
    fields: dict[str, object] = {"zone": "Asia/Seoul", "daily_at": "09:00", "quiet_days": ["0"]}
    for name, value in re.findall(r'name="(way_\w+)" value="(\w+)" checked', text):
        fields[name] = [*fields.get(name, []), value]  # type: ignore[misc]
    for name in re.findall(r'name="(rhythm_\w+)"', text):
        fields[name] = "hourly"
    return browser.post("/notifications/settings/", fields | more)  # type: ignore[return-value]


def test_it_keeps_what_was_chosen_and_only_what_differs(colleague: Make):
    agent = colleague()
    browser = signed_in(agent)
    answer = choose(
        browser,
        way_heard=["app", "mail"],
        rhythm_cases="daily",
        quiet_since="22:00",
        quiet_until="08:00",
    )
    assert answer.status_code == 302  # type: ignore[attr-defined]
    kept = Choice.objects.get(member=agent)
    assert kept.ways == {"heard": ["app", "mail"]}
    assert kept.rhythms == {"cases": "daily", "time": "hourly", "trouble": "hourly"}
    assert (kept.quiet_since, kept.quiet_until, kept.quiet_days) == (1320, 480, [0])
    assert not kept.at_work_only
    assert 'name="way_heard" value="mail" checked' in page(browser, "/notifications/settings/")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("quiet_since", "22:00"),
        ("way_heard", ["pigeon"]),
        ("rhythm_cases", "always"),
    ],
)
def test_it_refuses_what_makes_no_sense(field: str, value: object, colleague: Make):
    agent = colleague()
    answer = choose(signed_in(agent), **{field: value})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert not Choice.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_it_offers_each_role_what_it_may_read(role: str, colleague: Make):
    text = page(signed_in(colleague("누구", role)), "/notifications/settings/")
    assert ("way_heard" in text) == (role != Role.VIEWER)
    assert ("way_source_broken" in text) == (role not in {Role.VIEWER, Role.CONTRIBUTOR})
    assert ("/notifications/rooms/" in text) == (role == Role.ADMIN)

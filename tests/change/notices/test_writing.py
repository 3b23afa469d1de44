"""A notice on its way to its readers: drafted, approved, gone on with, ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from desk import signed_in
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.models import Surge, Theme
from sori.change.notices import drafting, selectors, services
from sori.change.notices.models import Notice, Phase
from sori.change.notices.reminding import remind_due
from sori.errors import Refused
from sori.journal.models import Event
from sori.notifications.reading import tell_due
from sori.notifications.selectors import bell
from sori.staff.models import Member

Told = Callable[..., Notice]


def form(**changes: object) -> dict[str, object]:
    usual = {
        "kind": "problem",
        "title": "로그인이 잘 안 돼요",
        "what": "로그인이 느려요.",
        "places": ["help", "widget"],
        "topic": "",
        "words": "로그인, 접속 오류",
    }
    return usual | changes


def test_it_begins_with_what_a_surge_says(surge: Surge, agent: Member):
    page = signed_in(agent).get(f"/notices/new/?surge={surge.pk}").content.decode()

    assert "“로그인 오류” 문제를 살펴보고 있어요" in page
    assert "We are looking into “로그인 오류”" in page
    assert 'value="query:7" selected' in page


def test_it_is_kept_as_a_draft_that_nobody_outside_sees(surge: Surge, agent: Member):
    answer = signed_in(agent).post(
        "/notices/new/", form(topic="query:7", surge=surge.pk), follow=True
    )

    notice = Notice.objects.get()
    assert "The draft is kept" in answer.content.decode()
    assert (notice.sort, notice.key, notice.surge) == ("query", "7", surge)
    assert notice.words == ["로그인", "접속 오류"]
    assert selectors.standing("help", "ko") == []


def test_it_keeps_what_was_typed_when_something_is_wrong(agent: Member):
    browser = signed_in(agent)
    tomorrow = timezone.localtime() + timedelta(days=1)
    answer = browser.post(
        "/notices/new/",
        form(
            title_en="Login is slow",
            shown_from=tomorrow.strftime("%Y-%m-%dT%H:%M"),
            shown_until=(tomorrow - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        ),
    )
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "It would end before it begins." in page
    assert "In English it needs a headline and what is happening." in page
    assert "로그인이 느려요." in page
    assert not Notice.objects.exists()


def test_it_takes_a_draft_from_an_initiative(agent: Member):
    initiative = Initiative.objects.create(
        title="간편 로그인 개편", summary="로그인 화면이 바뀌어요.", created_by=agent,
        created_at=timezone.now(),
    )  # fmt: skip
    Evidence.objects.create(initiative=initiative, sort="theme", key="12", added_at=timezone.now())

    fields = drafting.from_initiative(initiative)

    assert (fields["kind"], fields["title"]) == ("change", "간편 로그인 개편")
    assert (fields["sort"], fields["key"]) == ("theme", "12")


def test_it_knows_a_theme_by_the_name_that_people_gave_it():
    now = timezone.now()
    Theme.objects.create(number=4, name="산도 · 한복판", first_seen=now, last_seen=now)
    Theme.objects.create(number=5, name="로그인", named=True, first_seen=now, last_seen=now)

    drafts = [drafting.SOURCES["theme"](number) for number in (4, 5)]
    assert [draft and draft["words"] for draft in drafts] == [[], ["로그인"]]


@pytest.mark.parametrize("asked", ["surge=999", "theme=999", "initiative=9", "surge=%EF%BC%95"])
def test_it_begins_empty_when_there_is_no_such_thing(asked: str, agent: Member):
    assert signed_in(agent).get(f"/notices/new/?{asked}").status_code == 200


def test_it_is_read_by_all_once_a_supervisor_approves(drafted: Told, supervisor: Member):
    notice = drafted()
    signed_in(supervisor).post(f"/notices/{notice.pk}/approve/")

    told = selectors.standing("help", "ko")
    assert [one.title for one in told] == ["로그인이 잘 안 되고 있어요"]
    assert selectors.standing("widget", "ko") == []
    with pytest.raises(Refused):
        services.approve(notice=notice, member=supervisor)
    assert Event.objects.get(kind="notice.approved").data == {"places": ["help", "form"]}


def test_it_waits_for_its_time(drafted: Told, supervisor: Member):
    notice = drafted(shown_from=timezone.now() + timedelta(hours=1))
    services.approve(notice=notice, member=supervisor)
    notice.refresh_from_db()

    assert notice.phase(timezone.now()) is Phase.APPROVED
    assert selectors.standing("help", "ko") == []
    assert notice.phase(timezone.now() + timedelta(hours=2)) is Phase.SHOWN


def test_it_is_over_when_its_time_is(told: Told, drafted: Told, supervisor: Member):
    told(shown_until=timezone.now() + timedelta(hours=1))
    Notice.objects.update(shown_until=timezone.now() - timedelta(seconds=1))
    late = drafted(shown_until=timezone.now() - timedelta(hours=1))

    assert selectors.standing("help", "ko") == []
    with pytest.raises(Refused):
        services.approve(notice=late, member=supervisor)


def test_it_is_changed_by_nobody_but_a_supervisor_once_it_is_read(told: Told, agent: Member):
    notice = told()
    answer = signed_in(agent).post(f"/notices/{notice.pk}/change/", form(title="다른 말"))

    assert answer.status_code == 422
    assert "changed by a supervisor" in answer.content.decode()
    notice.refresh_from_db()
    assert notice.title != "다른 말"


def test_it_goes_on_and_ends(told: Told, supervisor: Member):
    notice = told(next_word_at=timezone.now() + timedelta(hours=1))
    browser = signed_in(supervisor)
    browser.post(
        f"/notices/{notice.pk}/go-on/", {"words": "원인을 찾았어요.", "words_en": "We found it."}
    )

    (one,) = selectors.standing("help", "en")
    assert [(word.words, word.language) for word in one.updates] == [("We found it.", "en")]
    assert one.next_word_at is None
    browser.post(f"/notices/{notice.pk}/end/")
    assert selectors.standing("help", "ko") == []
    assert browser.post(f"/notices/{notice.pk}/go-on/", {"words": "또"}).status_code == 422


def test_it_asks_once_a_day_whether_it_is_still_true(told: Told, supervisor: Member):
    notice = told(next_word_at=timezone.now() - timedelta(minutes=1))

    assert remind_due() == 1
    assert remind_due() == 0
    assert Event.objects.get(kind="notice.grew_old").data == {"to": [supervisor.pk]}
    browser = signed_in(supervisor)
    assert "Is this still true?" in browser.get(f"/notices/{notice.pk}/").content.decode()
    browser.post(f"/notices/{notice.pk}/still-true/")
    Notice.objects.update(reminded_at=None)
    assert remind_due() == 0
    long_ago = timezone.now() - timedelta(hours=25)
    Notice.objects.update(looked_at=long_ago, shown_from=long_ago)
    assert remind_due() == 1


def test_it_tells_who_approved_it_that_it_grew_old(told: Told, supervisor: Member):
    tell_due()
    told(next_word_at=timezone.now() - timedelta(minutes=1))
    remind_due()
    while tell_due():
        pass

    page = signed_in(supervisor).get("/notifications/").content.decode()
    assert bell(supervisor.pk)
    assert "Is this notice still true?" in page
    assert "로그인이 잘 안 되고 있어요" in page


def test_it_lets_a_draft_be_thrown_away_by_its_writer(drafted: Told, told: Told, agent: Member):
    draft, shown = drafted(), told()
    browser = signed_in(agent)
    browser.post(f"/notices/{draft.pk}/throw-away/")
    browser.post(f"/notices/{shown.pk}/throw-away/")

    assert list(Notice.objects.all()) == [shown]


def test_it_lists_all_in_as_many_questions_as_one(
    told: Told, drafted: Told, supervisor: Member, django_assert_max_num_queries: object
):
    told()
    browser = signed_in(supervisor)
    browser.get("/notices/")
    with django_assert_max_num_queries(40) as few:  # type: ignore[operator]
        browser.get("/notices/")
    for _ in range(5):
        drafted()
        told()
    with django_assert_max_num_queries(len(few)):  # type: ignore[operator]
        page = browser.get("/notices/").content.decode()
    assert page.count("로그인이 잘 안 되고 있어요") == 11
    drafts = browser.get("/notices/?phase=draft").content.decode()
    assert drafts.count("로그인이 잘 안 되고 있어요") == 5


def test_it_offers_to_say_it_first_on_the_page_of_a_surge(surge: Surge, agent: Member):
    page = signed_in(agent).get(f"/surges/{surge.pk}/").content.decode()

    assert f"/notices/new/?surge={surge.pk}" in page


def test_it_shows_one_notice_to_whoever_works_here(told: Told, agent: Member, visitor: Client):
    notice = told(next_word_at=timezone.now() + timedelta(hours=1))
    page = signed_in(agent).get(f"/notices/{notice.pk}/").content.decode()

    assert "오늘 아침부터 앱 로그인이 느려요." in page
    assert "End it" not in page
    assert visitor.get(f"/notices/{notice.pk}/").status_code == 302

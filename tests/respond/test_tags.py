"""Tags: on a case and off it, one name one tag, in lists and filters, merged and thrown away."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from desk import HTMX, member, opened, signed_in
from sori.errors import Refused
from sori.journal.models import Event
from sori.respond import selectors, tagging
from sori.respond.models import Case, CaseTag, Tag
from sori.staff.models import Role
from together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(lake) -> Case:
    opened(lake)
    return Case.objects.get()


def carried(case: Case) -> list[str]:
    return sorted(CaseTag.objects.filter(case=case).values_list("tag__name", flat=True))


def make(name: str, colour: str = "grey") -> Tag:
    return tagging.make(name=name, member=member(), colour=colour)


def test_it_is_put_on_once_and_taken_off_once(case):
    vip, who = make("VIP"), member("안나")

    assert tagging.put_on(case=case.pk, tag=vip, member=who)
    assert not tagging.put_on(case=case.pk, tag=vip, member=who)
    assert carried(case) == ["VIP"]
    assert tagging.take_off(case=case.pk, tag=vip, member=who)
    assert not tagging.take_off(case=case.pk, tag=vip, member=who)

    kinds = Event.objects.filter(about=f"case:{case.pk}").values_list("kind", flat=True)
    assert [one for one in kinds if "tag" in one] == ["case.tagged", "case.untagged"]


@pytest.mark.parametrize("again", ["vip", " ＶＩＰ ", "Vip,"])
def test_one_name_is_one_tag(again):
    assert make("VIP") == make(again)
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", ",", "\0", "가" * 41])
def test_it_refuses_what_is_no_name(name):
    with pytest.raises(Refused):
        make(name)


def test_a_merged_tag_means_the_other_from_then_on(lake, case):
    opened(lake, author_id="other@x.kr")
    old, new, both = make("환불 요청"), make("환불"), Case.objects.latest("pk")
    for one in (case, both):
        tagging.put_on(case=one.pk, tag=old, member=None)
    tagging.put_on(case=both.pk, tag=new, member=None)

    tagging.merge(tag=old, into=new, member=member())

    assert carried(case) == carried(both) == ["환불"]
    assert tagging.find("환불 요청") == new
    assert [one["name"] for one in tagging.counted()] == ["환불"]
    with pytest.raises(Refused):
        tagging.merge(tag=new, into=old, member=member())


def test_a_tag_that_is_thrown_away_comes_off_every_case(case):
    tag = make("임시")
    tagging.put_on(case=case.pk, tag=tag, member=None)

    tagging.delete(tag=tag, member=member())

    assert carried(case) == []


def test_no_two_tags_get_the_same_name():
    make("VIP")
    other = make("단골")
    with translation.override("en"), pytest.raises(Refused, match="merge the two"):
        tagging.change(tag=other, name="vip", colour="red", member=member())


def test_the_list_shows_them_and_is_narrowed_by_one(lake, case):
    opened(lake, author_id="other@x.kr")
    for name, colour in (("다", "red"), ("가", "grey"), ("나", "blue")):
        tagging.put_on(case=case.pk, tag=make(name, colour), member=None)
    who = member().pk

    (row,) = selectors.inbox(member=who, only={"tag": tagging.make(name="다", member=member()).pk})[
        0
    ]

    assert row["id"] == case.pk
    assert [(one["name"], one["colour"]) for one in row["tags"]] == [
        ("가", "grey"),
        ("나", "blue"),
        ("다", "red"),
    ]
    assert [len(one["tags"]) for one in selectors.inbox(member=who).rows] == [0, 3]


def test_the_list_asks_no_more_questions_for_tags(lake, case):
    browser = signed_in()
    browser.get("/inbox/")
    with CaptureQueriesContext(connection) as before:
        browser.get("/inbox/")
    for number in range(5):
        tagging.put_on(case=case.pk, tag=make(f"태그{number}"), member=None)
    with CaptureQueriesContext(connection) as after:
        page = browser.get("/inbox/").content.decode()
    assert len(after) == len(before)
    assert "태그0" in page
    assert ">+3<" in page


def test_a_member_tags_by_name_and_only_supervisors_make_new_ones(case):
    make("VIP")
    agent, supervisor = signed_in(), signed_in(member(role=Role.SUPERVISOR))

    agent.post(f"/inbox/{case.pk}/tag/", {"name": "vip"}, headers=HTMX)
    refused = agent.post(f"/inbox/{case.pk}/tag/", {"letters": "새것"}, headers=HTMX)
    supervisor.post(f"/inbox/{case.pk}/tag/", {"letters": "새것"}, headers=HTMX)

    assert refused.status_code == 422
    assert carried(case) == ["VIP", "새것"]
    page = agent.get(f"/inbox/{case.pk}/").content.decode()
    assert "새것" in page
    assert "tagged it" in page
    new = Tag.objects.get(name="새것")
    agent.post(f"/inbox/{case.pk}/untag/", {"tag": new.pk}, headers=HTMX)
    assert carried(case) == ["VIP"]


def test_typing_offers_what_begins_so_first_and_not_what_is_there(case):
    for name in ("배송", "새 배송", "배송 지연", "요금"):
        make(name)
    tagging.put_on(case=case.pk, tag=make("배송 지연"), member=None)

    assert [one["name"] for one in tagging.like("배송", without=case.pk)] == ["배송", "새 배송"]
    page = signed_in(member(role=Role.SUPERVISOR)).get(
        f"/inbox/{case.pk}/tags/", {"letters": "배송비"}, headers=HTMX
    )
    assert "Make the tag" in page.content.decode()


def test_hostile_names_stay_words(case):
    tagging.put_on(case=case.pk, tag=make("<b>x'\":%s</b>"), member=None)

    page = signed_in().get(f"/inbox/{case.pk}/").content.decode()

    assert "<b>x" not in page
    assert "&lt;b&gt;x&#39;&#34;:%s&lt;/b&gt;" in page


def test_the_page_makes_changes_merges_and_throws_away():
    browser = signed_in(member(role=Role.SUPERVISOR))
    assert "No tags yet" in browser.get("/tags/").content.decode()
    browser.post("/tags/new/", {"name": "VIP", "colour": "red"})
    browser.post("/tags/new/", {"name": "단골", "colour": "blue"})
    assert browser.post("/tags/new/", {"name": "vip", "colour": "blue"}).status_code == 422
    vip, often = Tag.objects.get(name="VIP"), Tag.objects.get(name="단골")

    browser.post(f"/tags/{vip.pk}/", {"name": "귀빈", "colour": "red"})
    browser.post(f"/tags/{often.pk}/merge/", {"tag": vip.pk})
    assert [one["name"] for one in tagging.everything()] == ["귀빈"]
    browser.post(f"/tags/{vip.pk}/delete/")
    assert not Tag.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_put_it_on_once(lake):
    opened(lake)
    case, tag = Case.objects.get(), make("VIP")

    done: list[bool] = []

    at_once(4, lambda: done.append(tagging.put_on(case=case.pk, tag=tag, member=None)))

    assert sorted(done) == [False, False, False, True]

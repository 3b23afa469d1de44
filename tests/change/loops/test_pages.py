"""The pages of a telling: whom it reaches, every variant, a dry run, and what became of each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import loops_of as loops
from desk import HTMX, member, signed_in, source
from sori.change.initiatives.models import Initiative
from sori.change.loops.models import Telling
from sori.people.merging import merge
from sori.people.models import Person
from sori.staff.models import Role

pytestmark = pytest.mark.django_db

WORDS = {
    "ko_opening": "{고객}님, 기억하시나요?",
    "ko_body": "이제 {과제} 됩니다.",
    "ko_short": "",
    "en_opening": "",
    "en_body": "",
    "en_short": "",
    "per_minute": "60",
    "quiet_from": "00:00",
    "quiet_until": "00:00",
}


@pytest.fixture
def made(lake, chat):
    mute = source("mute")
    made = loops.initiative(
        lake,
        loops.voice(chat, "kim"),
        loops.voice(chat, "lee"),
        loops.voice(mute, "deaf", channel="mute", reply_mode="none"),
    )
    Person.objects.filter(pk=loops.person("lee")).update(objection=True)
    return made


def at(made, deed=""):
    return f"/initiatives/{made.pk}/tell/{deed}"


def boss():
    return signed_in(member("한지우", Role.SUPERVISOR))


def text(response):
    assert response.status_code == 200, response.status_code
    return " ".join(response.content.decode().split())


def test_it_shows_whom_it_reaches_and_whom_not_and_why(made):
    page = text(boss().get(at(made)))

    assert "<p>Raised it</p><b>3</b>" in page
    assert "<p>Can be reached</p><b>1</b>" in page
    assert "Do not want to be analysed" in page
    assert "Where they spoke takes no answers" in page
    assert "Tell 1 person" not in page, "nothing is written yet"


def test_it_goes_from_words_to_variants_to_a_dry_run_to_telling(made):
    browser = boss()
    assert browser.post(at(made, "write/"), WORDS).status_code == 302

    page = text(browser.get(at(made)))
    assert "Every variant" in page
    assert "kim 님님, 기억하시나요?" in page
    dry = text(browser.get(at(made, "dry-run/")))
    assert "이제 어두운 화면 됩니다." in dry
    assert "deaf" in text(browser.get(at(made, "dry-run/?show=not")))
    assert not loops.notices(), "nothing is sent by looking"

    browser.post(at(made, "approve/"), {"expected": "1"})
    page = text(browser.get(at(made)))
    assert 'hx-trigger="every 2s"' in page
    loops.tell_all(Telling.objects.get())

    part = text(browser.get(at(made), headers=HTMX | {"HX-Target": "progress"}))
    assert "1 of 1 people" in part
    assert "hx-trigger" not in part
    assert "33%" in text(browser.get(at(made))), "one of three was told"
    each = text(browser.get(at(made, "results/")))
    assert each.count("Told</span>") == 1
    assert each.count("Not told</span>") == 2
    assert f"/inbox/{loops.notices()[0].conversation.case_id}/" in each


def test_the_notice_stands_in_the_thread_as_what_it_is(made):
    loops.tell_all(loops.approved(loops.lake_of(), made))
    case = loops.notices()[0].conversation.case_id

    page = text(boss().get(f"/inbox/{case}/"))

    assert "<span>Loop notice</span>" in page
    assert "Take it back" not in page


def test_it_keeps_what_was_typed_when_it_is_refused(made):
    response = boss().post(at(made, "write/"), WORDS | {"ko_opening": "안녕하세요"})

    assert response.status_code == 422
    page = response.content.decode()
    assert "Address each by name" in page
    assert "안녕하세요" in page


def test_a_list_that_changed_is_not_told(made):
    browser = boss()
    browser.post(at(made, "write/"), WORDS)
    page = text(browser.post(at(made, "approve/"), {"expected": "7"}, follow=True))
    assert "The list has changed meanwhile" in page
    assert Telling.objects.get().state == "draft"


def test_it_is_stopped_and_goes_on_by_buttons(made):
    browser = boss()
    browser.post(at(made, "write/"), WORDS)
    browser.post(at(made, "approve/"), {"expected": "1"})
    assert "Stopped; 0 notices" in text(browser.post(at(made, "stop/"), follow=True))
    assert "The rest of them" in text(browser.post(at(made, "go-on/"), follow=True))
    assert "Only what was stopped" in text(browser.post(at(made, "go-on/"), follow=True))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
def test_who_may_only_look_sees_no_button_and_viewers_no_names(made, role):
    boss().post(at(made, "write/"), WORDS)

    page = text(signed_in(member(role=role)).get(at(made)))

    assert "Tell 1 person" not in page
    assert "Save and look" not in page
    assert "이제 {과제} 됩니다." in page, "the text itself may be read by everybody"
    assert ("kim 님" in page) == (role != Role.VIEWER)


def test_before_there_is_anything_to_tell_it_says_so(made):
    Initiative.objects.update(stage=Initiative.Stage.DOING, shipped_at=None)
    page = text(boss().get(at(made)))
    assert "There is nothing to tell yet" in page
    assert "Save and look" not in page
    assert boss().post(at(made, "approve/"), {"expected": "1"}).status_code == 404


@pytest.mark.parametrize("deed", ["", "dry-run/", "results/"])
def test_a_page_asks_as_much_for_thirty_people_as_for_three(lake, chat, deed):
    few = loops.initiative(lake, *[loops.voice(chat, f"few{n}") for n in range(3)])
    loops.tell_all(loops.approved(lake, few))
    many = loops.initiative(lake, *[loops.voice(chat, f"many{n}") for n in range(27)])
    merge(person=loops.person("many1"), into=loops.person("many2"), member=member())
    loops.approved(lake, many)
    browser, counts = boss(), []
    for made in (few, many, few, many):
        with CaptureQueriesContext(connection) as asked:
            browser.get(at(made, deed))
        counts.append(len(asked))

    # one step more along the pointer of who was merged
    assert counts[3] <= counts[2] + 4


def test_it_speaks_korean(made):
    browser = boss()
    browser.post(at(made, "write/"), WORDS)
    page = text(browser.get(at(made), headers={"Accept-Language": "ko"}))
    assert "말씀하신 분들께 알리기" in page

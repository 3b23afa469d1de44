"""Before a launch: what people say is gathered from the lake, shown, printed, and kept safe."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crowd import say, voice
from desk import opened, signed_in
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.models import Theme
from sori.change.studies import forgetting, reading, running, services
from sori.change.studies.models import Study
from sori.database import claim
from sori.errors import Stale
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.staff.models import Member
from traces import erase

Ask = Callable[..., Study]


def form(**changes: str) -> dict[str, str]:
    today = timezone.localdate()
    usual = {
        "name": "이심", "question": "", "rule": "이심 OR eSIM", "rule_name": "이심",
        "rival": "", "rival_name": "", "since": str(today - timedelta(days=9)),
        "until": str(today),
    }  # fmt: skip
    return usual | changes


def test_it_gathers_what_a_rule_finds(talk: list[str], ask: Ask):
    study = ask()

    assert (study.state, study.done) == ("done", 1.0)
    (side,) = study.result["sides"]
    assert side["voices"] == 14
    assert study.result["looked_at"] == 25
    need = side["needs"][0]
    assert need["topic"] == "network.sim"
    assert need["people"] == 14
    assert need["kinds"]["question"] == 4


def test_it_compares_with_a_rival(talk: list[str], ask: Ask, agent: Member):
    study = ask(rival="유심", rival_name="유심")
    page = signed_in(agent).get(f"/studies/{study.pk}/").content.decode()

    assert [side["people"] for side in study.result["sides"]] == [14, 8]
    assert "Side by side" in page
    assert ">유심</th>" in page


def test_it_quotes_letters_only_for_whoever_may_read_them(
    talk: list[str], ask: Ask, reader: Reader
):
    study = ask()
    closed = reading.report(reader, study, private=True)
    open_ = reading.report(reader, study, private=False)

    assert closed
    assert open_
    words = [quote.words for need in closed.sides[0].needs for quote in need.quotes]
    assert any("때문에" in one for one in words)
    assert "010-1234-5678" not in " ".join(words)
    words = [quote.words for need in open_.sides[0].needs for quote in need.quotes]
    assert words
    assert not any("때문에" in one for one in words)


def test_it_shows_no_sentence_that_is_forgotten(talk: list[str], ask: Ask, lake: Lake):
    study = ask()
    chosen = {
        quote["mention"] for need in study.result["sides"][0]["needs"] for quote in need["quotes"]
    }

    assert forgetting.forget(chosen) == 1
    study.refresh_from_db()
    assert not any(need["quotes"] for need in study.result["sides"][0]["needs"])
    assert forgetting.forget(chosen) == 0


def test_it_forgets_who_is_forgotten(lake: Lake, ask: Ask):
    message = opened(lake, text="이심 개통은 어떻게 하나요?", kind="question")
    study = ask()
    assert study.result["sides"][0]["needs"][0]["quotes"]

    erasure = erase(message.conversation.case.person)

    study.refresh_from_db()
    assert erasure.counts["studies"] == 1
    assert not study.result["sides"][0]["needs"][0]["quotes"]


def test_it_tells_what_nobody_looks_after(
    talk: list[str], ask: Ask, lake: Lake, agent: Member, reader: Reader
):
    now = timezone.now()
    for number in (5, 6):
        Theme.objects.create(number=number, name=f"주제 {number}", first_seen=now, last_seen=now)
        say(lake, *(voice(f"이심 이야기 {number} {at}", theme=number) for at in range(6)))
    initiative = Initiative.objects.create(title="x", created_by=agent, created_at=now)
    Evidence.objects.create(initiative=initiative, sort="theme", key="6", added_at=now)

    report = reading.report(reader, ask(), private=False)

    assert report
    assert [(theme.name, people) for theme, people in report.unowned] == [("주제 5", 6)]
    assert report.gaps[0][1].topic == "network.sim"


def test_it_says_what_we_answered(lake: Lake, ask: Ask):
    message = opened(lake, text="이심 개통은 어떻게 하나요?", kind="question")
    message.answered_by.create(
        conversation=message.conversation, direction="out", state="sent", body="이렇게요",
        at=timezone.now(),
    )  # fmt: skip

    (need,) = ask().result["sides"][0]["needs"]
    assert (need["asked"], need["answered"]) == (1, 1)


def test_it_is_asked_for_on_a_page_and_gathered_by_a_worker(talk: list[str], agent: Member):
    browser = signed_in(agent)
    browser.post("/studies/new/", form())
    study = Study.objects.get()

    waiting = browser.get(f"/studies/{study.pk}/").content.decode()
    assert "Reading what people said" in waiting
    assert browser.get(f"/studies/{study.pk}/progress/").status_code == 200
    assert running.study_due() == 1
    assert browser.get(f"/studies/{study.pk}/progress/").status_code == 286
    page = browser.get(f"/studies/{study.pk}/").content.decode()
    assert "이심 개통이 너무 어려워요" in page
    assert "data-print" in page
    assert running.study_due() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rule": "이심 AND ("}, "This rule cannot be read"),
        ({"rival": "유심"}, "Say in a word what this is."),
        ({"until": "2020-01-01"}, "The last day is before the first."),
        ({"since": "2001-01-01"}, "Two years at most."),
    ],
)
def test_it_says_what_is_wrong_with_what_was_asked(
    changes: dict[str, str], said: str, agent: Member
):
    answer = signed_in(agent).post("/studies/new/", form(**changes))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Study.objects.exists()


def test_it_begins_with_a_rule_or_with_another_study(ask: Ask, agent: Member):
    browser = signed_in(agent)
    study = ask(gathered=False)

    assert "다이어리" in browser.get("/studies/new/?rule=%22다이어리%22").content.decode()
    page = browser.get(f"/studies/new/?like={study.pk}").content.decode()
    assert "이심에서 무엇이 불편한가요?" in page
    assert browser.get("/studies/new/?like=x").status_code == 200


def test_it_leaves_the_house_without_letters_and_without_formulas(
    lake: Lake, ask: Ask, agent: Member
):
    for text, public in (("=이심 개통이 안 돼요", True), ("이심 비밀 편지입니다", False)):
        say(lake, voice(text, kind="complaint", topics=["join"], public=public))
    study = ask()
    browser = signed_in(agent)

    text = browser.get(f"/studies/{study.pk}/study.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["people"] == "2"
    assert "비밀" not in text
    assert all(not value.startswith("=") for one in rows for value in one.values())
    told = browser.get(f"/studies/{study.pk}/study.json").json()
    assert told["sides"][0]["people"] == 2
    assert "비밀" not in str(told)


def test_it_is_nothing_for_whoever_may_not_read_mentions(ask: Ask, viewer: Member):
    study = ask(gathered=False)
    browser = signed_in(viewer)

    for path in ("/studies/", f"/studies/{study.pk}/", f"/studies/{study.pk}/study.csv"):
        assert browser.get(path).status_code == 403


def test_it_has_no_file_before_it_is_done(ask: Ask, agent: Member):
    assert signed_in(agent).get(f"/studies/{ask(gathered=False).pk}/study.csv").status_code == 404


def test_it_is_gathered_anew_and_loses_the_worker_that_was_busy(
    talk: list[str], ask: Ask, agent: Member, reader: Reader
):
    study = ask(gathered=False)
    (claimed,) = claim(Study.objects.all(), lease=running.LEASE)
    signed_in(agent).post(f"/studies/{study.pk}/again/")

    with pytest.raises(Stale):
        running.run(reader, claimed)
    assert running.study_due() == 1
    study.refresh_from_db()
    assert study.state == "done"


def test_it_survives_being_thrown_away_while_it_is_gathered(
    talk: list[str], ask: Ask, agent: Member, reader: Reader
):
    study = ask(gathered=False)
    (claimed,) = claim(Study.objects.all(), lease=running.LEASE)
    services.delete(study=study, member=agent)

    with pytest.raises(Stale):
        running.run(reader, claimed)


def test_it_says_why_it_failed(ask: Ask, agent: Member):
    study = ask(gathered=False)
    Study.objects.update(rule="이심 AND (")
    assert running.study_due() == 1

    study.refresh_from_db()
    assert study.state == "failed"
    page = signed_in(agent).get(f"/studies/{study.pk}/").content.decode()
    assert "It could not be gathered" in page


def test_it_says_so_when_nobody_spoke_of_it(talk: list[str], ask: Ask, agent: Member):
    study = ask(rule="화성탐사선")

    page = signed_in(agent).get(f"/studies/{study.pk}/").content.decode()
    assert "Nobody spoke of it" in page


def test_it_keeps_to_its_days(lake: Lake, ask: Ask):
    for days in (0, 3, 40):
        at = timezone.now() - timedelta(days=days)
        say(lake, voice("이심 좋아요", published_at=at))
    today = timezone.localdate()

    study = ask(since=today - timedelta(days=5), until=today)
    assert study.result["sides"][0]["voices"] == 2
    assert sum(count for _day, _kind, count in study.result["sides"][0]["days"]) == 2


def test_it_lists_all_in_as_many_questions_as_one(
    ask: Ask, agent: Member, django_assert_max_num_queries: Any
):
    ask(gathered=False)
    browser = signed_in(agent)
    browser.get("/studies/")
    with django_assert_max_num_queries(40) as few:
        browser.get("/studies/")
    for _ in range(4):
        ask(gathered=False)
    with django_assert_max_num_queries(len(few)):
        assert browser.get("/studies/").content.decode().count("이심 요금제") == 5


def test_it_is_reached_from_the_explorer(agent: Member):
    browser = signed_in(agent)
    assert "/studies/" in browser.get("/explore/").content.decode()
    assert "/studies/new/?rule=" in browser.get("/explore/?words=이심").content.decode()

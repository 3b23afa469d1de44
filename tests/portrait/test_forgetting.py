"""Who is forgotten is nowhere any more: in no file, no table, no index; and does not come back."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from desk import batch, letter, member, now, opened, say, source
from sori.change.models import Campaign
from sori.change.packing import unpacked_ids
from sori.errors import LakeError, Refused
from sori.journal.models import Event
from sori.lake.attachments import Attachments
from sori.lake.store import Lake
from sori.lessons.models import Example
from sori.listen.models import Run, Source, View
from sori.people.models import Identity, Person, Tombstone
from sori.portrait import erasing
from sori.respond import search, services
from sori.respond.models import Case, Message, Note
from sori.respond.receiving import receive
from sori.staff.models import Role
from traces import (
    NAME,
    SECRETS,
    WORDS,
    database_files,
    erase,
    files_with,
    fill,
    her,
    hers,
    rows_with,
    work,
)

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_it_leaves_no_trace_of_her_and_everything_of_others(lake: Lake, home: Path, tmp_path: Path):
    person = fill(lake)
    copies = database_files(tmp_path / "before")
    assert files_with(home / "lake") and files_with(home / "files")  # noqa: PT018
    assert connection.vendor != "sqlite" or files_with(copies)
    assert {"Message", "Passage", "Note", "Case", "Identity", "Theme"} <= set(rows_with(*SECRETS))

    erasure = erase(person)

    assert erasure.finished_at is not None
    assert rows_with(*SECRETS) == []
    assert files_with(home / "lake", home / "files", database_files(tmp_path / "after")) == []
    assert search.cases(WORDS[:4]) == []
    counts = {"mentions": 2, "messages": 3, "cases": 1, "notes": 1, "files": 1, "accounts": 1,
              "orders": 1, "examples": 1, "views": 1, "themes": 1, "deliveries": 1,
              "quarantined": 1, "tasks": 1}  # fmt: skip
    assert erasure.counts == counts
    assert (erasure.mentions, erasure.files) == ([], [])
    assert Message.objects.get().body == "저는 남습니다"
    assert search.cases("남습니다") == [Case.objects.get().pk]
    assert View.objects.get().name == "y"
    assert Attachments(settings.FILES).has(Message.objects.get().attachments[0]["digest"])
    told = Event.objects.get(kind="person.erased")
    assert told.data == {"erasure": erasure.pk, **counts}
    assert Tombstone.objects.count() == 1


def test_it_forgets_all_who_are_one_person(lake):
    place = source()
    say(lake, hers(place))
    say(lake, hers(place, channel="webform"))
    Person.objects.filter(pk=her("webform").pk).update(merged_into=her())

    erase(her("webform"))

    assert not Person.objects.exists()
    assert Tombstone.objects.count() == 2
    assert rows_with(*SECRETS) == []


def test_what_was_heard_and_not_yet_taken_up_stays_outside(lake):
    place = source()
    say(lake, hers(place))
    both = batch(hers(place, f"또 {WORDS}"), letter(place, "다른 사람", author_id="a@b.example"))
    lake.append(both, source=place.pk, sequence=2)
    erasing.begin(person=her().pk, member=member())

    receive(lake)

    assert Message.objects.filter(body__contains="또").count() == 0
    assert Message.objects.filter(body="다른 사람").count() == 1


def test_it_waits_for_whoever_may_still_bring_something(lake):
    place = source()
    say(lake, hers(place))
    Source.objects.update(fence=7, lease_until=now() + timedelta(minutes=2))

    erasure = erase(her())
    assert erasure.finished_at is None
    assert erasure.step == 5
    # the visit read this page before the tombstones stood, and appends it only now
    lake.append(batch(hers(place)), source=place.pk, sequence=2)
    work(erasure)
    assert erasure.finished_at is None
    lake.append(batch(hers(place)), source=place.pk, sequence=3)
    Source.objects.update(lease_until=None)
    work(erasure)

    assert erasure.finished_at is not None
    assert erasure.counts["mentions"] == 3
    assert files_with(Path(settings.LAKE)) == []


def test_a_visitor_who_died_is_succeeded_and_settled(lake):
    place = source()
    say(lake, hers(place))
    Source.objects.update(fence=7, lease_until=now() - timedelta(minutes=2))
    Run.objects.create(source=place, sequence=2, seen=1, stored=1, duplicate=0, not_matched=0,
                       quarantined=0, started_at=now())  # fmt: skip

    erasure = erase(her())

    assert erasure.finished_at is not None
    assert Source.objects.get().fence == 8
    with pytest.raises(LakeError):
        lake.append(batch(hers(place)), source=place.pk, sequence=2)


@pytest.mark.parametrize("step", range(1, 6))
def test_it_goes_on_where_it_was_killed(lake, home, monkeypatch, step):
    person, count = fill(lake), erasing._count

    class Killed(BaseException):
        """The worker is no more."""

    def dying(erasure, at, gone):
        if at == step:
            raise Killed
        count(erasure, at, gone)

    erasure = erasing.begin(person=person.pk, member=member(role=Role.ADMIN))
    monkeypatch.setattr(erasing, "_count", dying)
    with pytest.raises(Killed):
        erasing.erase_due()
    monkeypatch.setattr(erasing, "_count", count)
    work(erasure)

    assert erasure.finished_at is not None
    assert rows_with(*SECRETS) == []
    assert files_with(home / "lake", home / "files") == []


def test_a_case_that_holds_somebody_else_stays_with_them(lake):
    place = source()
    say(lake, hers(place))
    case = Case.objects.get()
    say(
        lake,
        letter(place, "가족이 대신 씁니다", author_id="family@stays.example", author_name="가족"),
    )
    family = Identity.objects.get(external_id="family@stays.example")
    family.conversations.update(case=case)
    Case.objects.exclude(pk=case.pk).delete()
    services.write_note(case=case.pk, member=member(), body=f"{NAME} 가족")

    erase(her())

    kept = Case.objects.get()
    assert (kept.pk, kept.person_id) == (case.pk, family.person_id)
    assert kept.excerpt == "가족이 대신 씁니다"
    assert not Note.objects.exists()
    assert rows_with(*SECRETS) == []


def test_what_only_the_desk_remembers_is_forgotten_by_the_lessons_too(lake):
    say(lake, hers(source()))
    mention = Message.objects.get().mention
    Example.objects.create(mention=mention, channel="email", text=WORDS, said_at=now())
    lake.forget(ids=[mention])

    erasure = erase(her())

    assert not Example.objects.exists()
    assert erasure.counts["examples"] == 1


def test_it_is_begun_once(lake):
    say(lake, hers(source()))
    erasing.begin(person=her().pk, member=member())

    with pytest.raises(Refused):
        erasing.begin(person=her().pk, member=member())


def test_it_waits_for_an_answer_that_is_being_sent(lake):
    said = opened(lake)
    answer = services.remember_answer(answers=said.pk, member=member(), body="네", at=now())
    Message.objects.filter(pk=answer.pk).update(state=Message.State.SENDING)
    person = Person.objects.get()

    erasure = erase(person)
    assert (erasure.finished_at, erasure.step) == (None, 0)
    Message.objects.filter(pk=answer.pk).update(state=Message.State.SENT)
    work(erasure)

    assert erasure.finished_at is not None
    assert not Message.objects.exists()


def test_a_campaign_forgets_her_voice_and_keeps_those_of_others(lake):
    erase(fill(lake))

    campaign = Campaign.objects.get()
    assert campaign.first_voices == []
    assert unpacked_ids(bytes(campaign.members)).column("id").to_pylist() == ["20261128other"]

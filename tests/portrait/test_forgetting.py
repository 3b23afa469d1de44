"""Who is forgotten is nowhere any more: in no file, no table, no index; and does not come back."""

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from desk import batch, letter, member, now, opened, post, say, source
from sori.change.models import Campaign, Surge, Theme
from sori.change.packing import packed_ids, unpacked_ids
from sori.errors import LakeError, Refused
from sori.journal.models import Event
from sori.lake.attachments import Attachments
from sori.lake.store import Lake
from sori.lessons.models import Correction, Example
from sori.listen.ledger import quarantined_by
from sori.listen.models import Intake, Quarantine, Run, Source, View
from sori.listen.saved_views import save_view
from sori.listen.vault import seal
from sori.people import profile
from sori.people.models import Erasure, Identity, Person, Purchase, Tombstone
from sori.portrait import erasing
from sori.respond import search, services
from sori.respond.models import Case, Message, Note
from sori.respond.receiving import receive
from sori.staff.models import Department, Role
from sori.teamwork.services import ask

pytestmark = pytest.mark.django_db

WORDS = "보라빛고래가나타났다"
ADDRESS = "whale.lover@unique.example"
NAME = "고래사랑김씨"
FILE = b"bytes of a whale, never seen before"
SHARED = b"a leaflet that many people send"
SECRETS = (WORDS, ADDRESS, NAME)


def hers(place: Source, text: str = f"{WORDS} 정말로요", **row):
    return letter(place, text, author_id=ADDRESS, author_name=NAME, title=f"{WORDS} 문의",
                  reply_address=f'{{"to": "{ADDRESS}"}}', **row)  # fmt: skip


def attached(content: bytes, name: str = NAME) -> dict[str, object]:
    digest = Attachments(settings.FILES).put(content)
    return {"digest": digest, "name": f"{name}.txt", "media_type": "text/plain", "size": 1}


def her(channel: str = "email") -> Person:
    return Identity.objects.get(channel=channel, external_id=ADDRESS).person


def fill(lake: Lake) -> Person:
    """She is everywhere a customer can be; Lee, who must stay, wrote too."""
    place, who = source(), member("지민", Role.SUPERVISOR)
    say(lake, hers(place, attachments=[attached(FILE), attached(SHARED)]))
    said = Message.objects.get()
    say(lake, letter(place, "저는 남습니다", author_id="lee@stays.example", author_name="이남이",
                     attachments=[attached(SHARED, "leaflet")]))  # fmt: skip
    say(lake, post(place, f"{WORDS} 라고 씀", channel="email", author_id=ADDRESS))
    services.write_note(case=said.conversation.case_id, member=who, body=f"{NAME}: {WORDS}")
    services.remember_answer(answers=said.pk, member=who, body=f"{NAME} 님, {WORDS}?", at=now())
    services.draft_reply(answers=said.pk, member=who, body=f"아직 {NAME} 님께")
    place_asked = Department.objects.create(name="정산")
    words = f"{NAME} 님의 {WORDS}?"
    ask(case=said.conversation.case_id, member=who, department=place_asked, words=words)
    example = Example.objects.create(
        mention=said.mention, channel="email", text=WORDS, said_at=now()
    )
    Correction.objects.create(example=example, label="kind", value="idea", member=who, at=now())
    theme = {"number": 1, "name": WORDS, "phrases": [WORDS], "central": WORDS}
    Theme.objects.create(**theme, central_mention=said.mention, first_seen=now(), last_seen=now())
    Surge.objects.create(
        sort="all", name="", since=now(), told_at=now(), last=now(), peak_at=now(), peak=1,
        voices=1, expected=1, people=1, urgent=0, copies=0, severity=1, first_voices=[said.mention],
    )  # fmt: skip
    Campaign.objects.create(
        why="copies", since=now(), last=now(), found_at=now(), voices=2, people=2, places=1,
        channel="email", source=place.pk, first_voices=[said.mention],
        members=packed_ids([said.mention, "20261128other"]),
    )  # fmt: skip
    save_view(name=NAME, member=who, query=f"author={ADDRESS}&days=7")
    View.objects.create(name="y", owner=who, query="author=lee%40stays.example")
    Intake.objects.create(
        source=place, key="waits", body={"email": ADDRESS, "text": WORDS}, received_at=now()
    )
    run = Run.objects.create(source=place, sequence=9, seen=1, stored=0, duplicate=0,
                             not_matched=0, quarantined=1, started_at=now())  # fmt: skip
    raw = seal(f"From: {ADDRESS}\n\n{WORDS}".encode(), about=quarantined_by(place.pk))
    Quarantine.objects.create(source=place, run=run, raw=raw, reason="unreadable", at=now())
    Purchase.objects.create(number="A-1", mail=ADDRESS, title="고래 인형")
    identity = Identity.objects.get(external_id=ADDRESS)
    profile.verify(identity=identity.pk, verified=True, member=who)
    profile.add_identifier(person=her().pk, member=who, sort="mail", value=ADDRESS)
    return her()


def erase(person: Person, turns: int = 5) -> Erasure:
    erasure = erasing.begin(person=person.pk, member=member(role=Role.ADMIN))
    work(erasure, turns)
    return erasure


def work(erasure: Erasure, turns: int = 5) -> None:
    for _ in range(turns):
        Erasure.objects.filter(finished_at=None).update(due_at=now(), lease_until=None)
        erasing.erase_due()
    erasure.refresh_from_db()


def rows_with(*secrets: str) -> list[str]:
    """The tables in which any of these words stands."""
    return [
        model.__name__
        for model in apps.get_models()
        if any(word in str(list(model._default_manager.values())) for word in secrets)
    ]


def files_with(*folders: Path, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    """The files in which any of these words stands, looking into Parquet columns too."""
    found = []
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += str(pq.ParquetFile(path).read().to_pylist()).encode()
        if FILE in content or any(word.encode() in content for word in secrets):
            found.append(path.name)
    return found


def database_files(to: Path) -> Path:
    """Copies of what SQLite has on the disk, in a folder of their own."""
    to.mkdir()
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        for path in map(Path, (name, f"{name}-wal")):
            if path.exists():
                (to / path.name).write_bytes(path.read_bytes())
    return to


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

"""Somebody who is everywhere a customer can be, and the search for what is left of her."""

from pathlib import Path

import pyarrow.parquet as pq
from django.apps import apps
from django.conf import settings
from django.db import connection

from desk import letter, member, now, post, say, source
from sori.change.models import Campaign, Surge, Theme
from sori.change.packing import packed_ids
from sori.lake.attachments import Attachments
from sori.lake.store import Lake
from sori.lessons.models import Correction, Example
from sori.listen.ledger import quarantined_by
from sori.listen.models import Intake, Quarantine, Run, Source, View
from sori.listen.saved_views import save_view
from sori.listen.vault import seal
from sori.people import profile
from sori.people.models import Erasure, Identity, Person, Purchase
from sori.portrait import erasing
from sori.respond import services
from sori.respond.models import Message
from sori.staff.models import Department, Role
from sori.teamwork.services import ask

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

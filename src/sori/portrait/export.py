"""Everything we hold on one person, as a ZIP archive of JSON and the files they sent."""

import json
import tempfile
import zipfile
from typing import IO, Any, Final

from django.conf import settings
from django.utils import timezone

from sori.change.ideas import forgetting as ideas
from sori.database import write_atomic
from sori.errors import LakeError
from sori.journal.services import record
from sori.lake.attachments import Attachments
from sori.lessons.models import Example
from sori.listen import memory
from sori.people import purchases, selectors, suggesting
from sori.people.models import Person
from sori.portrait.said import Whose, whose
from sori.respond import forgetting as desk
from sori.staff.models import Member
from sori.teamwork import forgetting as teamwork
from sori.webchat import forgetting as webchat

_IN_MEMORY: Final = 20_000_000


def export(*, person: int, member: Member) -> IO[bytes]:
    """The archive, to be read from its beginning; the journal learns that it was made.

    It holds `about.json` (the people who are one, accounts, identifiers, orders), `said.jsonl`
    (the lake's rows), `desk.jsonl` (messages in and out, cases, notes, decisions, tasks, what
    their chat window showed, and ideas, comments and votes of the portal), `lessons.jsonl`
    (texts kept as examples and what people said of them), and the files under `files/`, named by
    their digest.
    """
    everybody = selectors.together(person)
    theirs = whose(everybody)
    # the caller closes it, after the last byte was sent
    sink = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", _json(_about(everybody), indent=2))
        mentions = theirs.asked(memory.reader(), "everything").to_pylist()
        _lines(archive, "said.jsonl", mentions)
        rooms = (desk, teamwork, webchat, ideas)
        texts = [text for room in rooms for text in room.texts(everybody)]
        _lines(archive, "desk.jsonl", texts)
        _lines(archive, "lessons.jsonl", _lessons(theirs, [row["id"] for row in mentions]))
        files = _files(archive, mentions, everybody)
    counts = {"mentions": len(mentions), "messages": len(texts), "files": files}
    with write_atomic():
        record("person.exported", f"person:{person}", member=member, **counts)
    sink.seek(0)
    return sink


def _about(everybody: list[int]) -> dict[str, Any]:
    columns = ("id", "name", "merged_into", "segment", "value", "objection", "consent",
               "created_at")  # fmt: skip
    return {
        "made_at": timezone.now(),
        "people": list(Person.objects.filter(pk__in=everybody).order_by("pk").values(*columns)),
        "accounts": selectors.identities(everybody),
        "identifiers": selectors.identifiers(everybody),
        "purchases": purchases.purchases(suggesting.marks(everybody)),
    }


def _lessons(theirs: Whose, mentions: list[str]) -> list[dict[str, Any]]:
    names = sorted({*mentions, *theirs.known})
    found: list[dict[str, Any]] = []
    for start in range(0, len(names), 400):
        some = Example.objects.filter(mention__in=names[start : start + 400])
        for example in some.prefetch_related("corrections").order_by("pk"):
            said = {one.label: one.value for one in example.corrections.all()}
            texts = {"mention": example.mention, "title": example.title, "text": example.text}
            found.append({**texts, "corrected": said})
    return found


def _files(archive: zipfile.ZipFile, mentions: list[dict[str, Any]], people: list[int]) -> int:
    digests = {one["digest"] for row in mentions for one in row["attachments"] or ()}
    store, count = Attachments(settings.FILES), 0
    for digest in sorted(digests | desk.files_of(people)):
        try:
            archive.write(store.path(digest), f"files/{digest}")
        except LakeError:
            continue  # it was deleted before; the list of files beside each mention still says so
        count += 1
    return count


def _lines(archive: zipfile.ZipFile, name: str, rows: list[dict[str, Any]]) -> None:
    archive.writestr(name, "".join(f"{_json(row)}\n" for row in rows))


def _json(value: object, **how: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str, **how)

"""Calls and visits: a member writes one down, or the telephone system tells of one."""

from datetime import timedelta
from typing import Any, Final, Literal

from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sori.channels.calllog import CalllogSettings
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.listen.intake import take_in
from sori.listen.models import Intake, Ringing, Source
from sori.people import selectors as known
from sori.people.models import Identity, Person
from sori.people.recognising import PHONE, normal
from sori.people.services import clean_name
from sori.staff.models import Member

CHANNEL: Final = "calllog"
_KEPT: Final = timedelta(days=1)


class CallEvent(BaseModel):
    """What a telephone system tells; whatever else it says (a recording) is not looked at."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    event: Literal["started", "ended"]
    call: str = Field(min_length=1, max_length=100)
    number: str = Field("", max_length=40)
    direction: Literal["in", "out"] = "in"
    extension: str = Field("", max_length=32)
    at: AwareDatetime | None = None
    seconds: int | None = Field(None, ge=0, le=7 * 86_400)
    answered: bool = True
    notes: str = Field("", max_length=20_000)


def log_call(
    *, source: Source, member: Member, key: str, body: dict[str, Any], person: int | None
) -> Intake:
    """Write down a call or a visit for good; the same key again keeps one note.

    Args:
        source: a source of calls.
        member: who talked.
        key: the name of this note, the same when the form is sent twice.
        body: `text`, `way` and `at` (ISO 8601), and what is known of `name`, `phone`, `call`,
            `seconds` and `answered`.
        person: whom the member chose; none for somebody new. The number is theirs from now on,
            unless it is somebody else's already: then nobody is merged, and it stands in the note.

    Raises:
        Refused: the person is not there (any more).
    """
    phone = normal(PHONE, body.get("phone", ""))
    said = body | {"phone": phone, "author": phone, "member": member.pk}
    with write_atomic():
        if person is not None:
            said |= _account_of(person, phone)
        row = take_in(source=source, key=key, body=said)
        record("call.logged", f"source:{source.pk}", member=member, key=key)
    return row


def hear(source: Source, event: CallEvent, settings: CalllogSettings) -> None:
    """Take an event of a telephone system; the same event again changes nothing.

    A call that begins rings on the screens of those who take calls. One that is over becomes a
    voice when nobody answered it or the system's own notes say what it was about; otherwise the
    member who talked writes it down.
    """
    now = timezone.now()
    number = normal(PHONE, event.number)
    over = event.event == "ended"
    missed = over and not event.answered and event.direction == "in"
    about = f"source:{source.pk}"
    with write_atomic():
        Ringing.objects.filter(started_at__lt=now - _KEPT).delete()
        first = {
            "number": number,
            "extension": event.extension,
            "started_at": now,
            "ended_at": now if over else None,
        }
        row, new = Ringing.objects.get_or_create(source=source, call=event.call, defaults=first)
        if new and not over and event.direction == "in":
            record("call.rang", about)
        ended = Ringing.objects.filter(pk=row.pk, ended_at=None) if over else None
        if ended is not None and ended.update(ended_at=now):
            record("call.ended", about, missed=missed)
        if over and (missed or event.notes):
            take_in(
                source=source,
                key=f"call:{event.call}",
                body=event.model_dump(mode="json", include={"call", "direction", "seconds", "at"})
                | {"text": event.notes or settings.missed, "author": number, "phone": number}
                | {"extension": event.extension},
            )


def _account_of(person: int, phone: str) -> dict[str, str]:
    """The account on this channel of somebody whom a member chose, made if there is none."""
    if not Person.objects.filter(pk=person).exists():
        raise Refused("This person is not here any more.")
    everybody = known.together(person)
    standing = Person.objects.get(pk=known.standing_for(person))
    for name in filter(None, (phone, f"person-{standing.pk}")):
        account, _ = Identity.objects.get_or_create(
            channel=CHANNEL,
            external_id=name,
            defaults={
                "person": standing,
                "name": clean_name(standing.name),
                "verified": True,
                "first_seen_at": timezone.now(),
            },
        )
        if account.person_id in everybody:
            break
    return {"author": account.external_id, "name": account.name or standing.name}

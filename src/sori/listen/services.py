"""Set up sources, steer them, and take in what is pushed to us."""

from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from pydantic import BaseModel, ValidationError

from sori import database
from sori.channels import registry
from sori.channels.contract import Pushed, Rereads
from sori.channels.unreadable import faults
from sori.errors import ConfigurationError, Refused
from sori.journal.services import record
from sori.listen.intake import take_in, wake
from sori.listen.models import Quarantine, Source
from sori.listen.vault import opened_secrets, sealed_settings
from sori.staff.models import Department, Member

__all__ = [
    "add_source",
    "change_source",
    "pause",
    "poll_now",
    "replay",
    "resume",
    "take_in",
]

_PUSHED_INTERVAL = 10
_PULLED_INTERVAL = 60


def add_source(
    *,
    name: str,
    channel: str,
    settings: dict[str, Any],
    keep: str | None = None,
    interval: int | None = None,
    department: Department | None = None,
    member: Member | None = None,
) -> Source:
    """Connect a place where people talk; it is polled at once.

    Args:
        name: what people call it.
        channel: the name of an installed channel.
        settings: what the channel's `Settings` ask for; secrets are sealed before they are written.
        keep: one of `Source.Keep`; everything if not given.
        interval: seconds between polls.
        department: who answers for what is said there.
        member: who connects it.

    Raises:
        ConfigurationError: there is no such channel, or its settings do not fit.
    """
    door = registry.channel(channel)
    chosen = _validated(door.Settings, settings)
    usual = _PUSHED_INTERVAL if isinstance(door, Pushed) else _PULLED_INTERVAL
    with database.write_atomic():
        source = Source.objects.create(
            name=name,
            slug=_free_slug(name, channel),
            channel=channel,
            keep=keep or Source.Keep.EVERYTHING,
            interval=interval or usual,
            department=department,
            due_at=timezone.now(),
        )
        # sealed for this very source, so it must have its number first
        source.settings, source.secrets = sealed_settings(source.pk, chosen)
        source.save(update_fields=["settings", "secrets"])
        record("source.added", _topic(source), member=member, channel=channel, name=name)
    return source


def change_source(
    *,
    source: Source,
    member: Member | None,
    name: str | None = None,
    settings: dict[str, Any] | None = None,
    keep: str | None = None,
    interval: int | None = None,
    department: Department | None = None,
) -> Source:
    """Change a source; what is not given stays, and so does a secret that is left empty.

    Raises:
        ConfigurationError: the settings do not fit its channel.
    """
    changes: dict[str, Any] = {
        "name": name, "keep": keep, "interval": interval, "department": department,
    }  # fmt: skip
    changes = {field: value for field, value in changes.items() if value is not None}
    if settings is not None:
        kind = registry.channel(source.channel).Settings
        given = {field: value for field, value in settings.items() if value not in ("", None)}
        kept = {field: v for field, v in opened_secrets(source).items() if field not in given}
        chosen = _validated(kind, settings | kept)
        changes["settings"], changes["secrets"] = sealed_settings(source.pk, chosen)
    with database.write_atomic():
        Source.objects.filter(pk=source.pk).update(**changes)
        record("source.changed", _topic(source), member=member, fields=sorted(changes))
        wake(source)
    source.refresh_from_db()
    return source


def pause(*, source: Source, member: Member | None) -> None:
    """Stop visiting a source; a visit that is under way is finished."""
    _steer(source, member, "source.paused", state=Source.State.PAUSED)


def resume(*, source: Source, member: Member | None) -> None:
    """Visit a source again, at once and with a clean slate."""
    _steer(
        source,
        member,
        "source.resumed",
        state=Source.State.ACTIVE,
        failures=0,
        error="",
        due_at=timezone.now(),
    )


def poll_now(*, source: Source, member: Member | None) -> None:
    """Visit a source at once instead of at its next time.

    Raises:
        Refused: it is paused or broken; resume it first.
    """
    if source.state != Source.State.ACTIVE:
        raise Refused("the source is not active; resume it first")
    _steer(source, member, "source.poll_asked", due_at=timezone.now())


def replay(*, quarantine: Quarantine, member: Member | None) -> None:
    """Have a quarantined item read again, once, at the next visit to its source, which is now.

    It goes through the same ledger as a new voice. What still cannot be read stays in quarantine
    with the new reason; asking again is then possible.

    Raises:
        Refused: it is settled already, or its channel cannot read a single item.
    """
    source = quarantine.source
    if not isinstance(registry.channel(source.channel), Rereads):
        raise Refused("this channel cannot read a single item again")
    now = timezone.now()
    with database.write_atomic():
        waiting = Quarantine.objects.filter(pk=quarantine.pk, settled_at=None, asked_at=None)
        if not waiting.update(asked_at=now):
            raise Refused("it is settled, or being read again already")
        Source.objects.filter(pk=source.pk).update(due_at=now)
        record("source.replay_asked", _topic(source), member=member, quarantine=quarantine.pk)


def _steer(source: Source, member: Member | None, kind: str, **changes: Any) -> None:
    with database.write_atomic():
        Source.objects.filter(pk=source.pk).update(**changes)
        record(kind, _topic(source), member=member)
    for field, value in changes.items():
        setattr(source, field, value)


def _validated(kind: type[BaseModel], settings: dict[str, Any]) -> BaseModel:
    try:
        return kind.model_validate(settings)
    except ValidationError as error:
        raise ConfigurationError(faults(error)) from None


def _free_slug(name: str, channel: str) -> str:
    stem = slugify(name)[:64] or channel
    taken = set(Source.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    free = (slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))))
    return next(slug for slug in free if slug not in taken)


def _topic(source: Source) -> str:
    return f"source:{source.pk}"

"""Begin a chat, say something, leave an address, come and go."""

from datetime import timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from sori.channels.chat import LANGUAGES
from sori.database import write_atomic
from sori.listen.models import Source
from sori.listen.services import take_in
from sori.people.models import Identity
from sori.people.services import Account, clean_name, identify
from sori.people.tombstones import buried
from sori.understand.privacy import mask
from sori.webchat.entering import CHANNEL, Barred
from sori.webchat.identity import Stated
from sori.webchat.models import Line, Visitor

KEPT: Final = timedelta(days=400)
"""For how long a window remembers what was said in it; no token lives as long."""

_FRESH: Final = timedelta(seconds=25)
_STRANGER: Final = {"ko": "방문자", "en": "Visitor", "ja": "訪問者"}


def begin(*, source: Source, language: str) -> Visitor:
    """A visitor nobody knows."""
    with write_atomic():
        return _new(source, language)


def begin_known(*, source: Source, language: str, said: Stated) -> Visitor:
    """The visitor whom the site has signed in: the same one wherever they come from.

    Raises:
        Barred: they had themselves forgotten, so nothing of theirs is taken.
    """
    with write_atomic():
        _refuse_forgotten(f"user:{source.pk}:{said.id}")
        about = {"name": clean_name(said.name), "language": _spoken(language)}
        about |= {"email": said.email} if said.email else {}
        row = _new(source, language, user=said.id, keep=True)
        Visitor.objects.filter(pk=row.pk).update(**about)
        row.refresh_from_db()
        return row


def say(*, visitor: Visitor, key: str, text: str, page: str = "") -> None:
    """Write down for good what a visitor said; the same key again changes nothing.

    Args:
        visitor: who speaks.
        key: the window's name for it.
        text: what they said.
        page: the address of the page they were on, without what follows a question mark.

    Raises:
        Barred: they were forgotten meanwhile.
    """
    now = timezone.now()
    with write_atomic():
        there = Visitor.objects.select_for_update().filter(pk=visitor.pk)
        if not there.exists():
            raise Barred("token", 401)
        if visitor.user:
            _know(visitor)
        line = Line(visitor=visitor, key=key, text=mask(text)[0], at=now)
        Line.objects.bulk_create([line], ignore_conflicts=True)
        there.update(active_at=now, seen_at=now, read_at=now)
        body: dict[str, Any] = {"text": text, "author": visitor.author, "visitor": visitor.key}
        body |= {"name": name_of(visitor), "language": visitor.language, "page": page}
        body |= {"verified": bool(visitor.user)}
        take_in(source=visitor.source, key=f"{visitor.key}:{key}", body=body)


def leave_mail(*, visitor: Visitor, email: str) -> None:
    """Remember where answers may go when the visitor has left; nobody has proved that it is
    theirs."""
    with write_atomic():
        Visitor.objects.filter(pk=visitor.pk).update(email=email)


def see(visitor: Visitor, *, reads: bool = False) -> None:
    """Their window was heard of; `reads` says that it stands open before them."""
    now = timezone.now()
    stale = Q(seen_at=None) | Q(seen_at__lt=now - _FRESH)
    with write_atomic():
        mine = Visitor.objects.filter(pk=visitor.pk)
        if reads:
            mine.update(seen_at=now, read_at=now)
            visitor.read_at = now
        else:
            mine.filter(stale).update(seen_at=now)


def go(visitor: Visitor) -> None:
    """Their window was closed."""
    with write_atomic():
        Visitor.objects.filter(pk=visitor.pk).update(seen_at=None)


def tidy() -> int:
    """Delete what windows showed that nobody can open any more; returns how many visitors."""
    with write_atomic():
        old = Visitor.objects.filter(active_at__lt=timezone.now() - KEPT)
        count = old.count()
        old.delete()
        return count


def name_of(visitor: Visitor) -> str:
    """What to call somebody in the inbox; a stranger gets a few letters of their key."""
    stranger = _STRANGER.get(visitor.language, _STRANGER["en"])
    return visitor.name or f"{stranger} {visitor.key[:4].upper()}"


def _new(source: Source, language: str, *, user: str = "", keep: bool = False) -> Visitor:
    now = timezone.now()
    row = Visitor(
        source=source,
        key=get_random_string(22),
        user=user,
        language=_spoken(language),
        created_at=now,
        active_at=now,
    )
    # the unique index decides, not a look beforehand: two windows may open at the same moment
    Visitor.objects.bulk_create([row], ignore_conflicts=keep)
    wanted = {"source": source, "user": user} if user else {"key": row.key}
    return Visitor.objects.get(**wanted)


def _spoken(language: str) -> str:
    return language if language in LANGUAGES else "en"


def _refuse_forgotten(author: str) -> None:
    if buried([(CHANNEL, author)]):
        raise Barred("forgotten", 410)


def _know(visitor: Visitor) -> None:
    """The account of somebody whom the site has signed in; that is proved."""
    _refuse_forgotten(visitor.author)
    account = Account(CHANNEL, visitor.author, visitor.name, timezone.now())
    known = identify([account])[account.key]
    Identity.objects.filter(pk=known.pk, verified=False).update(verified=True)

"""What members do with what they are told: follow, read, choose, and add ways out.

What is private to a member (what they have read) leaves no event; what others see, and what lets
words out of the house, does.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.notifications import chatting
from sori.notifications.models import Choice, Follow, Line, Notification, Outlet
from sori.notifications.occasions import GROUPS, SHARED
from sori.notifications.quiet import NEVER
from sori.respond.models import Case
from sori.staff.models import Member

MOST_OUTLETS: Final = 10
KEPT: Final = timedelta(days=90)
KEPT_UNREAD: Final = timedelta(days=365)


def follow(*, case: int, member: Member) -> None:
    """Hear of a case from now on."""
    _set_following(case, member, following=True)


def unfollow(*, case: int, member: Member) -> None:
    """Hear of it no more, whatever one has a hand in later."""
    _set_following(case, member, following=False)


def _set_following(case: int, member: Member, *, following: bool) -> None:
    with write_atomic():
        Case.objects.select_for_update().get(pk=case)
        before = Follow.objects.filter(case=case, member=member).first()
        if before is not None and before.following == following:
            return
        Follow.objects.update_or_create(
            case_id=case,
            member=member,
            defaults={"following": following, "since": timezone.now()},
        )
        kind = "case.followed" if following else "case.unfollowed"
        record(kind, f"case:{case}", member=member)


def mark_read(*, member: Member, about: str | None = None, upto: int | None = None) -> int:
    """Remember that a member has read what they were told.

    Args:
        member: who.
        about: of one subject, "case:12"; None for all.
        upto: no newer ones than this notification, for what came since was not in sight.

    Returns:
        How many that were.
    """
    fresh = Notification.objects.filter(member=member, read_at=None)
    if about is not None:
        fresh = fresh.filter(about=about)
    if upto is not None:
        fresh = fresh.filter(pk__lte=upto)
    # most looks find nothing: looking is cheaper than taking the turn to write
    if not fresh.exists():
        return 0
    with write_atomic():
        return fresh.update(read_at=timezone.now())


def choose(*, member: Member, **fields: Any) -> Choice:
    """Keep what a member chose; the fields are those of `Choice`."""
    with write_atomic():
        choice, _new = Choice.objects.update_or_create(member=member, defaults=fields)
        return choice


def no_more_mail(*, member: Member, rhythm: str = NEVER) -> None:
    """Set how often all mail comes: what the link in a mail does."""
    with write_atomic():
        rhythms = dict.fromkeys(GROUPS, rhythm)
        Choice.objects.update_or_create(member=member, defaults={"rhythms": rhythms})
        # what waits already is not to come either
        if rhythm == NEVER:
            waits = Line.objects.filter(outlet__member=member, outlet__way=Outlet.Way.MAIL)
            waits.filter(state=Line.State.WAITING).update(state=Line.State.DROPPED)


def add_outlet(
    *,
    member: Member,
    name: str,
    address: str,
    shared: bool = False,
    occasions: Collection[str] = (),
    words: bool = False,
) -> Outlet:
    """Add a messenger of one's own, or a room the company shares.

    Args:
        member: who adds it.
        name: what it is called on pages.
        address: where it is; it is kept encrypted and never shown again.
        shared: for the company rather than for this member alone.
        occasions: what a shared room hears, some of `occasions.SHARED`.
        words: whether a customer's words may go to a shared room.

    Raises:
        Refused: when the address is none that may be used, or there are too many already.
    """
    service = chatting.judged(address, shared=shared)
    owner = None if shared else member
    with write_atomic():
        if Outlet.objects.filter(member=owner, way=Outlet.Way.CHAT).count() >= MOST_OUTLETS:
            raise Refused(_("There are ten already; remove one first."))
        outlet = Outlet.objects.create(
            way=Outlet.Way.CHAT,
            member=owner,
            name=name,
            service=service,
            occasions=_heard(occasions) if shared else [],
            words=shared and words,
        )
        outlet.sealed = chatting.sealed(outlet, address)
        outlet.save(update_fields=["sealed"])
        data = {"service": service, "shared": shared, "words": outlet.words}
        record("outlet.added", f"outlet:{outlet.pk}", member=member, **data)
        return outlet


def change_outlet(
    *, outlet: Outlet, member: Member, occasions: Collection[str], words: bool
) -> None:
    """Change what a shared room hears, and whether a customer's words may go there."""
    with write_atomic():
        outlet.occasions, outlet.words = _heard(occasions), words
        outlet.save(update_fields=["occasions", "words"])
        record("outlet.changed", f"outlet:{outlet.pk}", member=member, words=words)


def remove_outlet(*, outlet: Outlet, member: Member) -> None:
    """Take a way out away, with its address and what waited for it."""
    with write_atomic():
        number = outlet.pk
        outlet.delete()
        record("outlet.removed", f"outlet:{number}", member=member)


def try_outlet(*, outlet: Outlet, member: Member) -> None:
    """Send a word of greeting through an outlet; one that was broken is open again.

    Raises:
        Refused: with what went wrong, in words.
    """
    try:
        chatting.greet(outlet)
    except chatting.FAILURES as error:
        with write_atomic():
            Outlet.objects.filter(pk=outlet.pk).update(error=str(error))
        raise Refused(_("That did not arrive: %s") % error) from error
    with write_atomic():
        fine = {"failures": 0, "error": "", "broken_at": None, "sent_at": timezone.now()}
        Outlet.objects.filter(pk=outlet.pk).update(**fine)
        record("outlet.tried", f"outlet:{outlet.pk}", member=member)


def tidy() -> int:
    """Delete what nobody looks for any more; returns how many notifications those were."""
    now = timezone.now()
    sent = Line.objects.exclude(state__in=(Line.State.WAITING, Line.State.SENDING))
    old = Q(read_at__lt=now - KEPT) | Q(at__lt=now - KEPT_UNREAD)
    with write_atomic():
        sent.filter(due_at__lt=now - KEPT).delete()
        gone, _each = Notification.objects.filter(old).delete()
    return gone


def _heard(occasions: Iterable[str]) -> list[str]:
    return [one for one in SHARED if one in set(occasions)]

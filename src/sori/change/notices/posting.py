"""Post a notice on channels of ours: by the machine where a channel lets it, else by a person.

A post is approved with its text. The machine sends it at most once (`outgoing`); where it cannot,
it prepares the text, and a person who posted it says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from sori.change.notices import wording
from sori.change.notices.models import Notice, Phase, Post
from sori.change.notices.selectors import wording as words_of
from sori.channels import registry
from sori.channels.contract import Channel, Measured, Posts
from sori.database import write_atomic
from sori.errors import ConfigurationError, Refused
from sori.journal.services import record
from sori.listen.models import Source
from sori.respond import sending
from sori.respond.sending import State, Step
from sori.staff.models import Member

_OTHERS_PAGES: Final = frozenset({"files", "rss"})
"""Nobody posts there: files are read, and feeds are the pages of others."""


@dataclass(frozen=True)
class Prepared:
    """A text for one place.

    Attributes:
        place: "source:12" or the name of a channel, as a `Post` has it.
        channel: the channel's name.
        name: what the source is called; "" where a person posts.
        text: what is posted, or would be.
        length: how long it is, as this channel counts.
        longest: how long it may be; None for no limit.
        post: what became of it; None for nothing yet.
    """

    place: str
    channel: str
    name: str
    text: str
    length: int
    longest: int | None
    post: Post | None

    @property
    def by_machine(self) -> bool:
        """Whether the machine can post there."""
        return bool(self.name)


class _Place:
    """Where a notice can be posted: through a source, or on a channel by a person."""

    def __init__(self, door: Channel, source: Source | None, channel: str) -> None:
        self.door, self.source, self.channel = door, source, channel
        self.key = f"source:{source.pk}" if source else channel


def prepared(notice: Notice, link: str, language: str = "ko") -> list[Prepared]:
    """A text for each place where a notice can be posted.

    Args:
        notice: which one.
        link: where one can read on.
        language: ko or en.
    """
    words = words_of(notice, language)
    posts = {row.place: row for row in notice.posts.select_related("member")}
    return [_prepared(place, words, link, posts) for place in _places()]


def post(*, notice: Notice, place: str, link: str, member: Member) -> None:
    """Approve that the machine posts it at a place; a second click changes nothing.

    Raises:
        Refused: it is not shown, or there is no such place.
    """
    one = _find(notice, place, link)
    source = _source(one)
    if source is None:
        raise Refused(_("Nothing can be posted there by itself."))
    _keep(
        Post(
            notice=notice,
            place=place,
            source=source,
            text=one.text,
            state=State.QUEUED,
            member=member,
            at=timezone.now(),
            key=get_random_string(32),
            due_at=timezone.now(),
        ),
        "notice.post_approved",
    )


def mark_posted(*, notice: Notice, place: str, link: str, member: Member) -> None:
    """Write down that a person posted it; a second click changes nothing.

    Raises:
        Refused: it is not shown, or there is no such place.
    """
    one = _find(notice, place, link)
    now = timezone.now()
    _keep(
        Post(
            notice=notice,
            place=place,
            text=one.text,
            state=State.SENT,
            member=member,
            at=now,
            key=get_random_string(32),
            sent_at=now,
        ),
        "notice.posted",
    )


def decide(*, post: Post, member: Member, there: bool) -> None:
    """Say of a post of which nobody knew whether it arrived that it is there, or post it again.

    Raises:
        Refused: somebody or the machine knows by now.
    """
    with write_atomic():
        row = Post.objects.select_for_update().get(pk=post.pk)
        if row.state != State.UNKNOWN:
            raise Refused(_("It is known by now what became of it."))
        now = timezone.now()
        taken = Step.ACCEPT if there else Step.RESEND
        row.state = sending.step(row.state, taken)
        row.sent_at, row.due_at = (now, None) if there else (None, now)
        # whoever was thought dead and wakes up must not write over what was decided
        row.fence += 1
        row.lease_until = None
        row.save()
        kind = "notice.posted" if there else "notice.post_approved"
        record(kind, f"notice:{row.notice_id}", member=member, place=row.place)


def _find(notice: Notice, place: str, link: str) -> Prepared:
    fresh = Notice.objects.get(pk=notice.pk)
    if fresh.phase(timezone.now()) is not Phase.SHOWN:
        raise Refused(_("Only a notice that is shown can be posted."))
    found = next((one for one in prepared(fresh, link) if one.place == place), None)
    if found is None:
        raise Refused(_("There is no such place."))
    return found


def _source(one: Prepared) -> Source | None:
    number = one.place.removeprefix("source:")
    return Source.objects.get(pk=int(number)) if one.by_machine else None


def _keep(post: Post, kind: str) -> None:
    with write_atomic():
        try:
            with transaction.atomic():
                post.save()
        except IntegrityError:
            return  # somebody was faster
        record(kind, f"notice:{post.notice_id}", member=post.member, place=post.place)


def _places() -> list[_Place]:
    sources = Source.objects.exclude(channel__in=_OTHERS_PAGES).order_by("channel", "pk")
    found: dict[str, _Place] = {}
    for source in sources:
        try:
            door = registry.channel(source.channel)
        except ConfigurationError:
            continue  # its package was taken away; its sources say so themselves
        if not door.direct:
            through = source if isinstance(door, Posts) else None
            place = _Place(door, through, source.channel)
            found.setdefault(place.key, place)
    return list(found.values())


def _prepared(
    place: _Place, words: wording.Wording, link: str, posts: Mapping[str, Post]
) -> Prepared:
    measured = place.door if isinstance(place.door, Measured) else None
    measure = measured.measure if measured else len
    longest = measured.longest if measured else None
    post = posts.get(place.key)
    text = post.text if post else wording.post(words, link, longest=longest, measure=measure)
    name = place.source.name if place.source else ""
    return Prepared(place.key, place.channel, name, text, measure(text), longest, post)

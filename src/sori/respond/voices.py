"""A mention on its way into the desk: who spoke, what it quotes, and the rows it becomes."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from sori.mention import short
from sori.people.models import Identity
from sori.people.services import Account, handle_of, nobody
from sori.respond.models import Case, Conversation, Message
from sori.respond.routing import Decision, extra

ThreadKey = tuple[int, str, str, str]
"""Source, thread, channel and account: what makes a conversation one."""

_LENGTH: Final = 200


class Voice:
    """One mention, with what was decided about it.

    Attributes:
        row: the mention, with the columns of `receiving.COLUMNS`.
        decision: what routing decided.
    """

    def __init__(self, row: Mapping[str, Any], decision: Decision) -> None:
        self.row = row
        self.decision = decision
        self.mention: str = row["id"]
        self.source: int = row["source"]
        self.channel: str = row["channel"]

    @cached_property
    def account(self) -> Account:
        """Who spoke; somebody the channel does not name is nobody but themselves."""
        author = self.row.get("author_id")
        name = self.row.get("author_name") or ""
        handle = handle_of(author) if author else nobody(self.mention)
        return Account(self.channel, handle, name, self.decision.at)

    @cached_property
    def quotes(self) -> tuple[tuple[int, str], ...]:
        """What else the mention names than itself: (source, name of the thread or post)."""
        named = (self.row.get("parent_id"), self.row.get("thread_id"))
        own = self.row["external_id"]
        names = [short(clean(name), 255) for name in named if name and name != own]
        return tuple((self.source, name) for name in names)

    @cached_property
    def answered_key(self) -> str:
        """The key of our answer that this is a reply to; a channel tells it only with proof."""
        return _word(self._known.get("answers"))

    @cached_property
    def continues(self) -> int | None:
        """The case whose public answer showed the way here; it proves nothing about who speaks."""
        about = self._known.get("about")
        return about if isinstance(about, int) and about > 0 else None

    @cached_property
    def report(self) -> Mapping[str, Any]:
        """What a mail server says about an answer of ours; empty for all but delivery reports."""
        told = self._known.get("bounce")
        return told if isinstance(told, dict) else {}

    @cached_property
    def returned(self) -> str:
        """The channel's name for the answer that a delivery report is about; only with proof."""
        return _word(self.report.get("about"))

    @cached_property
    def _known(self) -> Mapping[str, Any]:
        return extra(self.row)

    @property
    def excerpt(self) -> str:
        """The beginning of what was said, in one line."""
        return line(self.row["text"])

    @property
    def subject(self) -> str:
        """The title, or the beginning of what was said."""
        return line(self.row.get("title") or "") or self.excerpt

    def new_case(self, identity: Identity) -> Case:
        """The case it opens; not saved."""
        decision = self.decision
        return Case(
            person=identity.person,
            subject=self.subject,
            excerpt=self.excerpt,
            channel=self.channel,
            reason=decision.reason,
            department_id=decision.department,
            kind=self.row.get("kind") or "",
            sentiment=self.row.get("sentiment") or "",
            urgency=self.row.get("urgency"),
            priority=decision.priority,
            priority_reasons=[list(reason) for reason in decision.reasons],
            opened_at=decision.at,
            updated_at=decision.at,
        )

    def new_conversation(self, key: ThreadKey, identity: Identity, case: Case) -> Conversation:
        """The conversation it begins; not saved."""
        return Conversation(
            source_id=self.source,
            thread=key[1],
            identity=identity,
            case=case,
            channel=self.channel,
            subject=self.subject,
            opened_at=self.decision.at,
        )

    def message(self, conversation: Conversation) -> Message:
        """The turn it is in a conversation; not saved."""
        row = self.row
        return Message(
            conversation=conversation,
            direction=Message.Direction.IN,
            state=Message.State.RECEIVED,
            mention=self.mention,
            body=clean(row["text"]),
            attachments=row.get("attachments") or [],
            at=self.decision.at,
            url=clean(row.get("url") or ""),
            kind=row.get("kind") or "",
            sentiment=row.get("sentiment") or "",
            urgency=row.get("urgency"),
            answer=row.get("answer"),
            abuse=bool(row.get("abuse")),
            reply_mode=row["reply_mode"],
            reply_until=row.get("reply_until"),
            reply_address=_address(row.get("reply_address")),
            external_id=short(clean(row["external_id"]), 255),
        )


def _address(text: str | None) -> dict[str, Any] | None:
    """What the channel needs to answer; a channel that writes no JSON object cannot be answered."""
    try:
        address = json.loads(clean(text)) if text else None
    except ValueError:
        return None
    return address if isinstance(address, dict) else None


def _word(value: object) -> str:
    return short(clean(value), 255) if isinstance(value, str) else ""


def clean(text: str) -> str:
    """A text without what a database cannot keep."""
    # PostgreSQL keeps every character but this one
    return text.replace("\0", "")


def line(text: str) -> str:
    """The beginning of a text as one line of at most 200 characters."""
    return " ".join(clean(text[: 4 * _LENGTH]).split())[:_LENGTH].rstrip()

"""One case as a page: the thread, the composer, the customer."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.lessons import selectors as lessons
from sori.respond import assistant, selectors, threads
from sori.respond.acknowledging import offered
from sori.respond.destination import received, signs
from sori.respond.forms import owners
from sori.respond.later import later
from sori.respond.measuring import room
from sori.respond.mentioning import pieces
from sori.respond.models import Case, Decision, Message
from sori.respond.prose import file_name, host_of, prose, visible
from sori.respond.relabelling import LABELS
from sori.respond.returned import last_bounce, why
from sori.respond.settling import question
from sori.respond.telling import tell
from sori.respond.views.place import make_visible, me, teams
from sori.staff.models import Department, Member
from sori.staff.permissions import Permission, allows
from sori.staff.selectors import who_may

SOON: Final = timedelta(minutes=1)
LATELY: Final = timedelta(minutes=2)


def case_context(
    request: HttpRequest, case: int, *, before: datetime | None = None
) -> dict[str, Any]:
    """Everything the thread and the customer panel show.

    Args:
        request: who looks.
        case: its id.
        before: only what was said earlier than this.

    Raises:
        Http404: there is no such case.
    """
    member = me(request)
    thread = threads.thread(case, member=member.pk, before=before)
    if thread is None:
        raise Http404
    row = thread["case"]
    make_visible(row)
    for entry in thread["entries"]:
        if entry["type"] == "message":
            _for_reading(entry)
    _with_names(one for one in thread["entries"] if one["type"] == "note")
    _with_labels(thread["entries"])
    tell(entry for entry in thread["entries"] if entry["type"] == "event")
    return {
        "case": row,
        "thread": thread,
        "settled": row["status"] in selectors.SETTLED,
        "splits": _splits(member, thread),
        "writing": _writing(thread["drafts"], member.pk),
        "statuses": _statuses(),
        "owners": owners(row["department_id"]) if allows(member, Permission.RUN_CASE) else [],
        "places": list(Department.objects.values("id", "name")),
        "case_teams": teams() if allows(member, Permission.RUN_CASE) else [],
        "customer": threads.customer(case),
        "held": selectors.held(),
        "assistant": assistant.is_on(),
        "composer": composer_context(request, thread),
        "promises": _promises(member, thread),
        "reasons": Decision.Reason.choices,
        "tomorrow": (timezone.localdate() + timedelta(days=1)).isoformat(),
        "sure": _sure(member, row),
        "problem": "",
        "done": "",
        "afresh": "",
        "later": later(),
    }


def _sure(member: Member, row: dict[str, Any]) -> str:
    """What is asked before it is resolved; "" where nothing goes with it."""
    resolves = row["status"] not in selectors.SETTLED and allows(member, Permission.RUN_CASE)
    return question([row["id"]]) if resolves else ""


def _promises(member: Member, thread: dict[str, Any]) -> dict[str, Any]:
    """What can be promised with one key: `to`, `token` and `times`; empty where nothing can."""
    to = thread["answerable"]
    if to is None or not allows(member, Permission.SEND_REPLY):
        return {}
    times = offered(thread["case"], member, to["id"])
    return {"to": to, "token": secrets.token_urlsafe(16), "times": times}


def composer_context(request: HttpRequest, thread: dict[str, Any], **kept: Any) -> dict[str, Any]:
    """What the composer holds: whom it answers, the words so far, a token for this page.

    Args:
        request: who writes; `?draft=` takes up a colleague's draft, `?answer=` another message.
        thread: see `threads.thread`.
        kept: what came back with a form that was refused: body, answers, draft, problem, again.
    """
    case, drafts = thread["case"]["id"], thread["drafts"]
    draft = _chosen_draft(request, drafts, kept.get("draft"))
    wanted = kept.get("answers") or _number(request, "answer") or (draft or {}).get("answers_id")
    to = threads.answerable(case, message=wanted) if wanted else None
    to = to or thread["answerable"]
    own = draft is not None and draft["member_id"] == me(request).pk
    others = [one for one in drafts if one["member_id"] != me(request).pk]
    body = kept.get("body") or (draft["body"] if draft else "")
    asked = received(to["id"]) if to else None
    return {
        "to": to,
        "room": room(asked, body) if asked else None,
        "signed": asked is not None and signs(asked),
        "bounced": _bounced(asked) if asked else None,
        "body": draft["body"] if draft else "",
        "draft": draft["id"] if draft and not own else None,
        "draft_by": (draft["member_name"] or _("The machine")) if draft and not own else "",
        "drafts": [one for one in others if draft is None or one["id"] != draft["id"]],
        "token": secrets.token_urlsafe(16),
        "elsewhere": _last_heard(thread) if to is None else None,
        "problem": "",
        "again": False,
        "note": "",
        "note_problem": "",
        **{name: value for name, value in kept.items() if name not in {"answers", "draft"}},
    }


def _bounced(asked: Message) -> dict[str, Any] | None:
    """What a mail server sent back from where this answer would go, as the composer warns of it."""
    found = last_bounce(asked)
    if found is None:
        return None
    return {"at": found.at, "why": why(found.status), "lasting": found.lasting}


def _chosen_draft(
    request: HttpRequest, drafts: list[dict[str, Any]], kept: int | None
) -> dict[str, Any] | None:
    """The draft the address or the form names, else the member's own."""
    by_id = {draft["id"]: draft for draft in drafts}
    chosen = by_id.get(kept or _number(request, "draft") or 0)
    mine = (draft for draft in drafts if draft["member_id"] == me(request).pk)
    return chosen or next(mine, None)


def _splits(member: Member, thread: dict[str, Any]) -> bool:
    """Whether something can be made a case of its own."""
    heard = sum(entry.get("direction") == "in" for entry in thread["entries"])
    open_still = thread["case"]["status"] not in selectors.SETTLED
    return heard > 1 and open_still and allows(member, Permission.RUN_CASE)


def _writing(drafts: list[dict[str, Any]], member: int) -> list[dict[str, Any]]:
    """The drafts of colleagues who wrote in them a moment ago."""
    recent = timezone.now() - LATELY
    return [one for one in drafts if one["member_id"] not in {None, member} and one["at"] > recent]


def _last_heard(thread: dict[str, Any]) -> dict[str, Any] | None:
    """The newest thing the customer said, for an answer that is given elsewhere."""
    heard = (one for one in reversed(thread["entries"]) if one.get("direction") == "in")
    return next(heard, None)


def _with_names(notes: Iterable[dict[str, Any]]) -> None:
    """Give each note its text in pieces, with those it names."""
    rows = list(notes)
    asked = any("@" in one["body"] for one in rows)
    readers = who_may(Permission.READ_INBOX) if asked else []
    names = [(one["id"], one["name"]) for one in readers]
    for one in rows:
        one["pieces"] = pieces(one["body"], names)


def _with_labels(entries: list[dict[str, Any]]) -> None:
    """Give what was heard its labels as the palette shows them; the newest has the key."""
    heard = [one for one in entries if one.get("mention")]
    people = lessons.corrections(one["mention"] for one in heard)
    for one in heard:
        said = {label: None if one[label] == "" else one[label] for label in LABELS}
        one["labels"] = lessons.shown(one["mention"], said, people.get(one["mention"], {}))
    for one in heard[-1:]:
        one["labels"]["newest"] = True


def _for_reading(message: dict[str, Any]) -> None:
    message["prose"] = prose(message["body"])
    due_at = message["due_at"]
    message["later"] = due_at is not None and due_at > timezone.now() + SOON
    message["url"] = message["url"] if host_of(message["url"]) else ""
    message["who"] = visible(message["who"] or message["handle"] or "")
    message["files"] = [
        {"name": file_name(one.get("name")), "size": one.get("size")}
        for one in message["attachments"] or ()
        if isinstance(one, dict)
    ]


def _statuses() -> dict[str, str]:
    return {status.value: str(status.label) for status in Case.Status}


def _number(request: HttpRequest, name: str) -> int | None:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None

"""Say in a sentence what happened to a case: the journal's words for people."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from sori.respond.models import Case
from sori.staff.models import Department, Member

ICONS: Final[Mapping[str, str]] = {
    "case.opened": "circle-plus",
    "case.reopened": "rotate-ccw",
    "case.resolved": "circle-check",
    "case.status_changed": "circle-dot",
    "case.assigned": "user-check",
    "case.department_changed": "building-2",
    "case.snoozed": "alarm-clock",
    "case.tagged": "tag",
    "case.untagged": "tag",
    "case.prioritised": "chevrons-up",
    "macro.run": "zap",
    "rule.told": "bell",
    "case.woken": "alarm-clock-off",
    "case.left_unanswered": "signature",
    "case.joined": "merge",
    "case.parted": "unlink",
    "case.split": "scissors",
    "case.continues": "lock",
    "case.continued": "lock",
    "task.asked": "split",
    "task.taken": "user-check",
    "task.answered": "message-square-reply",
    "task.declined": "circle-slash",
    "task.withdrawn": "undo-2",
    "task.late": "clock-alert",
    "question.asked": "mail-question-mark",
    "question.refused": "mail-x",
    "question.unclear": "circle-question-mark",
    "question.answered": "mail-check",
    "clock.warned": "clock-alert",
    "clock.escalated": "siren",
    "promise.made": "handshake",
    "promise.kept": "circle-check",
    "promise.broken": "circle-x",
    "conversation.key_shared": "shield-alert",
    "answer.cancelled": "undo-2",
    "answer.delayed": "clock-alert",
    "answer.refused": "circle-x",
    "answer.unclear": "circle-question-mark",
    "answer.settled": "gavel",
    "answer.proof_came_late": "mail-check",
    "answer.bounced": "mail-x",
    "answer.held_up": "clock",
}


_PLAIN: Final[Mapping[str, str]] = {
    "case.department_changed": marked("%(by)s passed it to %(place)s"),
    "case.status_changed": marked("%(by)s set it to “%(status)s”"),
    "promise.made": marked("%(by)s promised an answer by %(time)s"),
    "case.snoozed": marked("%(by)s put it off until %(until)s"),
    "case.resolved": marked("%(by)s resolved it"),
    "case.tagged": marked("%(by)s tagged it “%(name)s”"),
    "case.untagged": marked("%(by)s took the tag “%(name)s” off"),
    "case.left_unanswered": marked("%(by)s decided that there will be no answer"),
    "case.prioritised": marked("%(by)s raised its priority by %(points)s"),
    "macro.run": marked("%(by)s ran the macro “%(name)s”"),
    "rule.told": marked("%(by)s told %(to)s: “%(words)s”"),
    "task.asked": marked("%(by)s asked %(place)s for something"),
    "task.taken": marked("%(by)s (%(place)s) took the request"),
    "task.answered": marked("%(by)s (%(place)s) answered the request"),
    "task.declined": marked("%(by)s (%(place)s) declined the request"),
    "task.late": marked("%(place)s has not answered in time; told: %(to)s"),
    "question.asked": marked("%(by)s asked a colleague by mail"),
    "question.refused": marked("The question by mail was not delivered"),
    "question.unclear": marked("Nobody knows whether the question by mail arrived"),
    "case.joined": marked("%(by)s joined #%(case)s with #%(into)s"),
    "case.parted": marked("%(by)s took #%(case)s out of #%(into)s again"),
    "case.continues": marked(
        "Came by the private way of #%(number)s; whether it is the same person is not proven"
    ),
    "case.continued": marked("Somebody went on in private: #%(number)s"),
    "promise.kept": marked("The promise was kept"),
    "promise.broken": marked("The promise was not kept in time"),
    "conversation.key_shared": marked(
        "Somebody else used the key of another customer's thread; the two were kept apart"
    ),
    "answer.cancelled": marked("%(by)s took an answer back before it left"),
    "answer.delayed": marked("An answer did not get through; it will be tried again"),
    "answer.refused": marked("An answer was not delivered"),
    "answer.unclear": marked("Nobody knows whether an answer arrived"),
    "answer.proof_came_late": marked("Proof about an answer came after the decision"),
    "answer.bounced": marked("A mail server sent our answer back"),
    "answer.held_up": marked("A mail server has not delivered our answer yet and keeps trying"),
}
_OPENED: Final[Mapping[str, str]] = {
    "addressed": marked("Opened: somebody wrote to us"),
    "earlier": marked("Opened: somebody wrote to us some time ago"),
    "asks": marked("Opened: they would be glad of an answer"),
    "urgent": marked("Opened: somebody is in trouble"),
    "unsure": marked("Opened: a listening rule found it, and a person should look"),
}
_WARNED: Final[Mapping[str, str]] = {
    "first_response": marked("The first response is due soon, %(time)s"),
    "next_response": marked("The next response is due soon, %(time)s"),
    "resolution": marked("The resolution is due soon, %(time)s"),
    "promise": marked("The promised answer is due soon, %(time)s"),
}
_ESCALATED: Final[Mapping[str, str]] = {
    "first_response": marked("The first response is overdue; told: %(to)s"),
    "next_response": marked("The next response is overdue; told: %(to)s"),
    "resolution": marked("The resolution is overdue; told: %(to)s"),
    "promise": marked("The promised answer is overdue; told: %(to)s"),
}
_SETTLED: Final[Mapping[str, str]] = {
    "sent": marked("%(by)s confirmed that the answer arrived"),
    "resend": marked("%(by)s had the answer sent again"),
    "give_up": marked("%(by)s gave the answer up"),
}


_RULED: Final[Mapping[str, str]] = {
    "case.department_changed": marked("The rule “%(rule)s” passed it to %(place)s"),
    "case.status_changed": marked("The rule “%(rule)s” set it to “%(status)s”"),
    "case.snoozed": marked("The rule “%(rule)s” put it off until %(until)s"),
    "case.resolved": marked("The rule “%(rule)s” resolved it"),
    "case.tagged": marked("The rule “%(rule)s” tagged it “%(name)s”"),
    "case.untagged": marked("The rule “%(rule)s” took the tag “%(name)s” off"),
    "case.prioritised": marked("The rule “%(rule)s” raised its priority by %(points)s"),
    "rule.told": marked("The rule “%(rule)s” told %(to)s: “%(words)s”"),
}
"""What a rule did and no member; the rule as it was called then."""
_ANSWERED_BY_MAIL: Final[Mapping[str, str]] = {
    "": marked("The question by mail was answered"),
    "by_machine": marked("An automatic reply came to the question by mail"),
    "other": marked("The question by mail was answered from another address than we asked"),
}


def _split(data: Mapping[str, Any]) -> str:
    if "out_of" in data:
        return marked("%(by)s split it off from #%(number)s")
    return marked("%(by)s split something off: #%(number)s")


def _answered_by_mail(data: Mapping[str, Any]) -> str:
    how = "by_machine" if data.get("by_machine") else "other" if data.get("other") else ""
    return _ANSWERED_BY_MAIL[how]


def _withdrawn(data: Mapping[str, Any]) -> str:
    if data.get("settled"):
        return marked("The request to %(place)s was withdrawn because the case was resolved")
    return marked("%(by)s withdrew the request to %(place)s")


def _settled(data: Mapping[str, Any]) -> str:
    unclear = marked("%(by)s decided about an unclear answer")
    return _SETTLED.get(data.get("outcome", ""), unclear)


_CHOSEN: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "case.opened": lambda data: _OPENED.get(data.get("reason", ""), marked("Opened")),
    "case.split": _split,
    "task.withdrawn": _withdrawn,
    "clock.warned": lambda data: _WARNED[data["clock_kind"]],
    "clock.escalated": lambda data: _ESCALATED[data["clock_kind"]],
    "question.answered": _answered_by_mail,
    "answer.settled": _settled,
}
"""What is said in one of several ways, by the data of the event."""


def tell(events: Iterable[dict[str, Any]]) -> None:
    """Give each event of a timeline its `sentence` and `icon`; asks two questions at most."""
    rows = list(events)
    members = _names(Member, _members(rows))
    departments = _names(Department, {row["data"].get("department") for row in rows})
    for row in rows:
        row["icon"] = ICONS.get(row["kind"], "circle-dot")
        row["sentence"] = _sentence(row, members, departments)


def _members(rows: Iterable[dict[str, Any]]) -> set[int | None]:
    """Everybody of whom the events speak in their data."""
    wanted: set[int | None] = set()
    for row in rows:
        if row["kind"] == "case.assigned":
            wanted.add(row["data"].get("owner"))
        elif row["kind"] in {"clock.escalated", "rule.told", "task.late"}:
            wanted |= set(row["data"].get("to") or ())
    return wanted


def _names(model: type[Member] | type[Department], wanted: set[int | None]) -> dict[int, str]:
    named = [one for one in wanted if one is not None]
    if not named:
        return {}
    return dict(model._default_manager.filter(pk__in=named).values_list("pk", "name"))


def _sentence(
    row: dict[str, Any], members: Mapping[int, str], departments: Mapping[int, str]
) -> str:
    kind, data = row["kind"], row["data"]
    words: dict[str, Any] = {
        "by": row["member_name"] or _("The machine"),
        "rule": data.get("rule_name", ""),
        "owner": members.get(data.get("owner") or 0, ""),
        "place": departments.get(data.get("department") or 0) or _("no department"),
        "until": _time(data.get("until")),
        "number": data.get("new") or data.get("out_of") or data.get("of") or "",
        "case": data.get("case", ""),
        "into": data.get("into", ""),
        "to": ", ".join(members[one] for one in data.get("to") or () if one in members)
        or _("nobody"),
        "time": _time(data.get("due_at")),
        "name": data.get("name", ""),
        "points": str(data.get("points", "")),
        "words": data.get("words", ""),
        "status": str(dict(Case.Status.choices).get(data.get("after"), "")),
    }
    return _pattern(kind, data, words, by_somebody=bool(row["member_name"])) % words


def _pattern(
    kind: str, data: Mapping[str, Any], words: Mapping[str, str], *, by_somebody: bool
) -> str:
    if words["rule"] and kind in _RULED:
        return _(_RULED[kind])
    if kind == "case.assigned":
        return _assigned(words)
    if kind == "case.woken":
        return _("%(by)s took it back early") if by_somebody else _("Its time has come")
    if kind == "case.reopened":
        return _("%(by)s took it up again") if by_somebody else _("The customer wrote again")
    if kind in _CHOSEN:
        return _(_CHOSEN[kind](data))
    return _(_PLAIN[kind]) if kind in _PLAIN else kind.replace("%", "%%")


def _time(written: str | None) -> str:
    """A moment of an event's data: "11월 30일 오전 9:40"."""
    if not written:
        return ""
    at = timezone.localtime(datetime.fromisoformat(written))
    return f"{formats.date_format(at, 'MONTH_DAY_FORMAT')} {formats.date_format(at, 'TIME_FORMAT')}"


def _assigned(words: Mapping[str, str]) -> str:
    if words["rule"]:
        given = _("The rule “%(rule)s” gave it to %(owner)s")
        return given if words["owner"] else _("The rule “%(rule)s” gave it back")
    if not words["owner"]:
        return _("%(by)s gave it back; nobody answers for it")
    if words["owner"] == words["by"]:
        return _("%(by)s took it")
    return _("%(by)s gave it to %(owner)s")

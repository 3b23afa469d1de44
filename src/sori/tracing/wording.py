"""Ends, reasons and steps in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext
from django.utils.translation import pgettext_lazy as _in

from sori.tracing.ending import End, Why

_ENDS: Final[Mapping[End, object]] = {
    End.ANSWERED: _in("end", "Answered"),
    End.PROMISED: _in("end", "Acknowledged, with a promise"),
    End.DECLINED: _in("end", "Not answered, signed"),
    End.SETTLED: _in("end", "Heard too late to wait; looked at and settled"),
    End.TOLD: _in("end", "An idea: the people behind it were told"),
    End.INITIATIVE: _in("end", "An idea: in an initiative"),
    End.PORTAL: _in("end", "An idea: on the ideas portal"),
    End.THEME: _in("end", "An idea: in a theme"),
    End.KEPT: _in("end", "An idea: read and kept by a person"),
    End.OPEN: _in("end", "In an open case"),
    End.UNSORTED: _in("end", "An idea that waits to be sorted"),
    End.ARRIVING: _in("end", "On its way to the desk"),
    End.QUIET: _in("end", "No answer was due"),
    End.WITHDRAWN: _in("end", "Deleted where it was said"),
    End.FORGOTTEN: _in("end", "Being forgotten with its author"),
    End.LOST: _in("end", "Lost"),
}
_WHY: Final[Mapping[Why, object]] = {
    Why.NO_CASE: _in("lost", "It deserved an answer, and it is in no case."),
    Why.CLOSED: _in("lost", "Its case was closed without an answer or a signed decision."),
    Why.BROKEN: _in("lost", "We promised an answer, and its case was closed without one."),
    Why.UNSORTED: _in("lost", "It carries an idea that nothing took up for 30 days."),
}
_ROUTED: Final[Mapping[str, object]] = {
    "addressed": _in("routing", "somebody spoke to us"),
    "earlier": _in("routing", "somebody spoke to us some time ago"),
    "asks": _in("routing", "they would be glad of an answer"),
    "urgent": _in("routing", "somebody is in trouble"),
    "unsure": _in("routing", "a listening rule found it, and a person should look"),
    "automatic": _in("routing", "a machine wrote it"),
    "spam": _in("routing", "it is advertising"),
    "own": _in("routing", "we said it ourselves"),
    "colleague": _in("routing", "a colleague wrote it"),
    "past": _in("routing", "it was said too long ago"),
    "unreachable": _in("routing", "nobody can answer there"),
    "quiet": _in("routing", "nobody expects an answer"),
}
ICONS: Final[Mapping[End, str]] = {
    End.ANSWERED: "message-circle",
    End.PROMISED: "hourglass",
    End.DECLINED: "signature",
    End.SETTLED: "check",
    End.TOLD: "megaphone",
    End.INITIATIVE: "milestone",
    End.PORTAL: "lightbulb",
    End.THEME: "messages-square",
    End.KEPT: "bookmark",
    End.OPEN: "inbox",
    End.UNSORTED: "shapes",
    End.ARRIVING: "truck",
    End.QUIET: "volume-1",
    End.WITHDRAWN: "eraser",
    End.FORGOTTEN: "eraser",
    End.LOST: "triangle-alert",
}


def end(value: End) -> str:
    """An end in words."""
    return str(_ENDS[value])


def why(value: Why) -> str:
    """Why a mention is lost, as one sentence."""
    return str(_WHY[value])


def routed(reason: str) -> str:
    """Routing's word for why it did or did not open a case, in words."""
    said = _ROUTED.get(reason)
    return str(said) if said else reason


def deserved(reason: str, *, deserves: bool) -> str:
    """Whether it deserved an answer and why, as one sentence."""
    if deserves:
        return pgettext("routing", "Deserves an answer: %(why)s") % {"why": routed(reason)}
    return pgettext("routing", "Needs no answer: %(why)s") % {"why": routed(reason)}

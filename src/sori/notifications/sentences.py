"""Say in a sentence of what somebody is told, and where to look: made when it is read.

A sentence never holds a customer's words; what a case is called stands beside it, where it may.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.utils.translation import ngettext

from sori.change.models import Surge
from sori.listen.models import Source
from sori.notifications.gathering import case_of
from sori.notifications.occasions import OCCASIONS

_PERSONAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "assigned": marked("%(by)s gave you %(case)s"),
        "mentioned": marked("%(by)s mentioned you in %(case)s"),
        "told": marked("A rule points you to %(case)s"),
        "task_asked": marked("%(by)s asks your department for help with %(case)s"),
        "task_late": marked("A request to another department is overdue in %(case)s"),
        "clock_warned": marked("Something is due soon in %(case)s"),
        "clock_escalated": marked("%(case)s is overdue"),
        "promise_broken": marked("A promise was not kept in %(case)s"),
        "review": marked("The decision not to answer %(case)s is to be looked at again"),
        "surge": marked("A surge began"),
        "source_broken": marked("A source needs attention"),
        "erasure": marked("Somebody you asked to be forgotten is forgotten"),
    }
)
_BY_KIND: Final[Mapping[str, str]] = MappingProxyType(
    {
        "case.assigned": marked("%(by)s changed who answers for %(case)s"),
        "case.department_changed": marked("%(by)s passed %(case)s to another department"),
        "case.reopened": marked("%(by)s took %(case)s up again"),
        "case.resolved": marked("%(by)s resolved %(case)s"),
        "case.left_unanswered": marked("%(by)s decided not to answer %(case)s"),
        "note.written": marked("%(by)s left a note in %(case)s"),
        "answer.sent": marked("An answer went out in %(case)s"),
        "answer.refused": marked("An answer was not delivered in %(case)s"),
        "answer.unclear": marked("Nobody knows whether an answer arrived in %(case)s"),
        "answer.bounced": marked("A mail server sent an answer back in %(case)s"),
        "task.asked": marked("%(by)s asked another department for help with %(case)s"),
        "task.taken": marked("%(by)s takes care of the request in %(case)s"),
        "task.answered": marked("%(by)s answered the request in %(case)s"),
        "task.declined": marked("%(by)s declined the request in %(case)s"),
    }
)
_PLACES: Final = {"surge": "change:surge", "source": "listen:source"}


@dataclass(frozen=True)
class Said:
    """What somebody is told, in words.

    Attributes:
        text: the sentence.
        title: what the case, source or surge is called; "" when there is none. May be a
            customer's words.
        path: where to look.
        icon: the picture of the occasion.
        at: when it happened.
    """

    text: str
    title: str
    path: str
    icon: str
    at: datetime


def sentence(kind: str, occasion: str, about: str, *, by: str, count: int = 1) -> str:
    """The sentence about an event, or about several of one occasion.

    Args:
        kind: of the newest event, "case.heard".
        occasion: one of OCCASIONS.
        about: its subject, "case:12".
        by: who did it; "" for the machine.
        count: how many there are.
    """
    words = {"by": by or _("The machine"), "case": f"#{case_of(about)}", "num": count}
    if occasion == "heard":
        plural = ngettext(
            "The customer writes again in %(case)s", "%(num)d new messages in %(case)s", count
        )
        return plural % words
    pattern = _PERSONAL.get(occasion) or _BY_KIND.get(kind)
    return (_(pattern) if pattern else _(OCCASIONS[occasion].words)) % words


def path_of(about: str) -> str:
    """Where to look at a subject; our own list when it has no page."""
    if case := case_of(about):
        return reverse("respond:case", kwargs={"case": case})
    noun, _colon, number = about.partition(":")
    if noun in _PLACES:
        return reverse(_PLACES[noun], kwargs={noun: int(number)})
    return reverse("notifications:page")


def titles(abouts: set[str]) -> dict[str, str]:
    """What sources and surges are called, by subject; asks two questions at most."""
    found: dict[str, str] = {}
    for noun, model in (("surge", Surge), ("source", Source)):
        wanted = {one for one in abouts if one.startswith(f"{noun}:")}
        numbers = [int(one.partition(":")[2]) for one in wanted]
        if numbers:
            rows: Any = model._default_manager.filter(pk__in=numbers).values_list("pk", "name")
            found |= {f"{noun}:{number}": name for number, name in rows}
    return found

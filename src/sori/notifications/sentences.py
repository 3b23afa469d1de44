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

from sori.change.initiatives.models import Initiative
from sori.change.models import Surge, Theme
from sori.change.notices.models import Notice
from sori.listen.models import Source
from sori.notifications.gathering import case_of
from sori.notifications.occasions import OCCASIONS

_PERSONAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "assigned": marked("%(by)s gave you %(case)s"),
        "mentioned": marked("%(by)s mentioned you in %(case)s"),
        "told": marked("A rule points you to %(case)s"),
        "task_asked": marked("%(by)s asks your department for help with %(case)s"),
        "task_withdrawn": marked("A request you had taken in %(case)s was withdrawn"),
        "task_late": marked("A request to another department is overdue in %(case)s"),
        "clock_warned": marked("Something is due soon in %(case)s"),
        "clock_escalated": marked("%(case)s is overdue"),
        "promise_broken": marked("A promise was not kept in %(case)s"),
        "review": marked("The decision not to answer %(case)s is to be looked at again"),
        "change_given": marked("%(by)s gave you an initiative"),
        "change_named": marked("%(by)s mentioned you in an initiative"),
        "change_due": marked("A day of an initiative of yours has come"),
        "notice_old": marked("Is this notice still true?"),
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
        "initiative.decided": marked("%(by)s decided about an initiative of yours"),
        "initiative.discussed": marked("%(by)s said something about an initiative of yours"),
        "initiative.moved": marked("%(by)s moved an initiative of yours"),
        "initiative.reopened": marked("%(by)s reopened an initiative of yours"),
        "surge.began": marked("A surge began in a theme you follow"),
        "theme.grew": marked("A theme you follow grows beyond chance"),
        "theme.became": marked("A theme you follow has changed"),
        "theme.renamed": marked("%(by)s renamed a theme you follow"),
        "theme.merged": marked("%(by)s merged a theme you follow with another one"),
        "theme.parted": marked("%(by)s took themes you follow apart again"),
        "theme.split": marked("%(by)s split a theme you follow"),
        "theme.joined": marked("%(by)s put a theme you follow together again"),
        "theme.hidden": marked("%(by)s dismissed a theme you follow"),
        "theme.shown": marked("%(by)s took back that a theme you follow was dismissed"),
    }
)
_PLACES: Final = {
    "surge": "change:surge",
    "theme": "change:theme",
    "source": "listen:source",
    "initiative": "initiatives:initiative",
    "notice": "notices:notice",
}
_TITLED: Final[Mapping[str, tuple[Any, str]]] = MappingProxyType(
    {
        "surge": (Surge, "name"),
        "source": (Source, "name"),
        "theme": (Theme, "name"),
        "initiative": (Initiative, "title"),
        "notice": (Notice, "title"),
    }
)


@dataclass(frozen=True)
class Said:
    """What somebody is told, in words.

    Attributes:
        text: the sentence.
        title: what the case or whatever else is called; "" for none. May be a customer's words.
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
    """What subjects other than cases are called, by subject; asks a question for each sort."""
    found: dict[str, str] = {}
    for noun, (model, column) in _TITLED.items():
        wanted = {one for one in abouts if one.startswith(f"{noun}:")}
        numbers = [int(one.partition(":")[2]) for one in wanted]
        if numbers:
            rows: Any = model._default_manager.filter(pk__in=numbers).values_list("pk", column)
            found |= {f"{noun}:{number}": name for number, name in rows}
    return found

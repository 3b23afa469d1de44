"""Say in sentences what happened to an initiative: the journal's words for people."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from sori.change.initiatives.models import Evidence, Initiative, Reminder, Ruling
from sori.journal import selectors as journal
from sori.staff.models import Member

_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "initiative.begun": ("circle-plus", marked("%(by)s proposed it")),
    "initiative.changed": ("pencil", marked("%(by)s changed what it says")),
    "initiative.assigned": ("user-check", marked("%(by)s said who answers for it: %(owner)s")),
    "initiative.evidence_added": ("quote", marked("%(by)s added evidence: %(evidence)s")),
    "initiative.evidence_removed": ("eraser", marked("%(by)s took evidence away: %(evidence)s")),
    "initiative.discussed": ("message-circle", marked("%(by)s said something")),
    "initiative.file_kept": ("paperclip", marked("%(by)s added a file")),
    "initiative.file_removed": ("paperclip", marked("%(by)s took a file away")),
    "initiative.decided": ("gavel", marked("%(by)s decided: %(decision)s")),
    "initiative.moved": ("milestone", marked("%(by)s moved it to “%(stage)s”")),
    "initiative.told": ("megaphone", marked("The people behind it were told")),
    "initiative.left_untold": ("signature", marked("%(by)s signed that nobody is told")),
    "initiative.checked": ("circle-check", marked("It was looked at whether it worked")),
    "initiative.reopened": ("rotate-ccw", marked("%(by)s reopened it")),
}
_DUE: Final[Mapping[str, str]] = {
    Reminder.Sort.SOON: marked("It is due soon"),
    Reminder.Sort.OVER: marked("It is overdue"),
    Reminder.Sort.REVIEW: marked("The day has come to look at it again"),
}
MOST: Final = 100


def history(initiative: Initiative) -> list[dict[str, Any]]:
    """What happened to it, newest first: icon, text, words (the reason of a decision), at."""
    told = journal.about(f"initiative:{initiative.pk}", limit=MOST)[::-1]
    events = [event for event in told if event["kind"] in {*_SAID, "initiative.due"}]
    members = {event["member"] for event in events} | {e["data"].get("owner") for e in events}
    names = dict(Member.objects.filter(pk__in=members - {None}).values_list("pk", "name"))
    reasons = dict(Ruling.objects.filter(initiative=initiative).values_list("pk", "reason"))
    return [_told(event, names, reasons) for event in events]


def _told(
    event: Mapping[str, Any], names: Mapping[int, str], reasons: Mapping[int, str]
) -> dict[str, Any]:
    data = event["data"]
    if event["kind"] == "initiative.due":
        icon, text = "calendar-clock", _(_DUE[data["sort"]])
        return {"icon": icon, "text": text, "words": "", "at": event["at"]}
    icon, pattern = _SAID[event["kind"]]
    words = {
        "by": names.get(event["member"]) or _("The machine"),
        "owner": names.get(data.get("owner", 0)) or _("nobody"),
        "evidence": _word(Evidence.Sort, data.get("sort")),
        "decision": _word(Initiative.Decision, data.get("decision")),
        "stage": _word(Initiative.Stage, data.get("stage")),
    }
    text = _(pattern) % words
    if day := parse_date(data.get("review_on") or ""):
        text += " · " + _("to be looked at again on %(day)s") % {
            "day": date_format(day, "DATE_FORMAT")
        }
    return {
        "icon": icon,
        "text": text,
        "words": reasons.get(data.get("ruling", 0), ""),
        "at": event["at"],
    }


def _word(kind: Any, value: object) -> str:
    return str(kind(value).label) if value in kind.values else ""

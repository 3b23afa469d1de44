"""Read outcomes: of one initiative, of all, and what they come to together."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sori.change.initiatives.models import Initiative
from sori.change.outcomes.judging import LEAST, SETTLED
from sori.change.outcomes.models import Outcome
from sori.change.outcomes.wording import moved, rate

YEAR: Final = timedelta(days=365)
_BURSTS: Final = 2.0


@dataclass(frozen=True)
class Summary:
    """What the changes of the last year have brought.

    Attributes:
        shipped: how many there were.
        verdicts: how many of each verdict.
        back: how many came back.
        days: the median of the days from the first voice to the shipping; None when unknown.
    """

    shipped: int
    verdicts: dict[str, int]
    back: int
    days: float | None


def listed() -> QuerySet[Outcome]:
    """All outcomes, the last shipped first."""
    rows = Outcome.objects.select_related("initiative", "initiative__department")
    return rows.defer("weeks", "channels", "people").order_by("-shipped_at", "-pk")


def of(initiative: Initiative) -> list[Outcome]:
    """The outcomes of an initiative, of the last shipping first."""
    return list(Outcome.objects.filter(initiative=initiative).order_by("-shipped_at", "-pk"))


def summary() -> Summary:
    """What the changes of the last year have brought together."""
    rows = Outcome.objects.filter(shipped_at__gte=timezone.now() - YEAR)
    known = list(rows.only("verdict", "back_at", "shipped_at", "first_heard"))
    days = [one.voice_to_change for one in known if one.voice_to_change is not None]
    return Summary(
        shipped=len(known),
        verdicts={
            verdict: sum(one.verdict == verdict and not one.back_at for one in known)
            for verdict in Outcome.Verdict.values
        },
        back=sum(one.back_at is not None for one in known),
        days=median(days) if days else None,
    )


def sentence(row: Outcome) -> str:
    """The outcome in one line of figures; empty where there is nothing to compare."""
    figures = row.figures
    if not figures or not figures["days_after"] or row.verdict == Outcome.Verdict.UNKNOWN:
        return ""
    return _("%(before)s → %(after)s per 1,000 voices, %(moved)s") % {
        "before": rate(figures["before"]),
        "after": rate(figures["after"]),
        "moved": moved(figures["ratio"], figures["low"], figures["high"]),
    }


def reason(row: Outcome) -> str:
    """Why it is too early, or why nothing can be said; empty where something is said."""
    left = ngettext("about %(num)d more day", "about %(num)d more days", row.more_days) % {
        "num": row.more_days
    }
    reasons = {
        "days": _("It takes two full weeks after the change to compare: %(left)s.")
        % {"left": left},
        "voices": _("Too few voices so far to tell half as many from chance: %(left)s.")
        % {"left": left},
        "theme": _("No theme speaks for this initiative, so nothing can be counted."),
        "before": _(
            "Fewer than two weeks before the change were counted; there is nothing to compare."
        ),
    }
    return reasons.get(row.why, "")


def caveats(row: Outcome) -> list[str]:
    """What a reader should know before believing the figures."""
    figures = row.figures
    said = [
        _(
            "Compared by whole weeks, channel by channel and weekday by weekday, so that busy days"
            " and louder channels do not look like an effect. Voices of campaigns are left out."
        ),
        _("Whatever else happened in these weeks (a season, a price, the news) is in it, too."),
    ]
    if LEAST <= figures.get("days_before", 0) < SETTLED:
        counted = _("Only %(num)d days before the change were counted.")
        said.append(counted % {"num": figures["days_before"]})
    if figures.get("dispersion", 1) >= _BURSTS:
        said.append(_("People spoke of it in bursts, which makes the interval wider."))
    if row.partly_read:
        said.append(
            _("More was said than could be read; the weightiest voices were counted first.")
        )
    return said


def people(row: Outcome) -> dict[str, Any] | None:
    """How many of 1,000 people raised it, before and after; None where that is not known."""
    known: dict[str, Any] = row.people
    if not known or not known["active_before"] or not known["active_after"]:
        return None
    return known | {
        "before": 1000 * known["raised_before"] / known["active_before"],
        "after": 1000 * known["raised_after"] / known["active_after"],
    }

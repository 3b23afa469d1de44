"""The first words of a notice, made of a surge, a theme or an initiative; a person changes them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sori.change.initiatives.models import Evidence, Initiative
from sori.change.models import Surge, Theme
from sori.change.notices.models import Notice
from sori.change.notices.selectors import moment

_NEXT: Final = timedelta(hours=1)
_TITLE: Final = 120
_KEY: Final = 80

Fields = dict[str, Any]


def blank(*, now: datetime | None = None) -> Fields:
    """A notice about nothing yet, shown everywhere."""
    return {
        "kind": Notice.Kind.PROBLEM.value,
        "places": list(Notice.Place.values),
        "next_word_at": _next_word(now or timezone.now()),
    }


def from_surge(surge: Surge, *, now: datetime | None = None) -> Fields:
    """A known problem: what grows since when, and that we know of it."""
    now = now or timezone.now()
    name = surge.name.strip() or _("a problem")
    words = _words_of(surge.sort, surge.key, name)
    told = blank(now=now) | _problem(name, surge.since)
    return told | {"sort": surge.sort, "key": surge.key[:_KEY], "words": words, "surge": surge.pk}


def from_theme(theme: Theme, *, now: datetime | None = None) -> Fields:
    """A known problem that many speak of."""
    now = now or timezone.now()
    words = _words_of(Surge.Sort.THEME, str(theme.pk), theme.name)
    told = blank(now=now) | _problem(theme.name, None)
    return told | {"sort": Surge.Sort.THEME.value, "key": str(theme.pk), "words": words}


def from_initiative(initiative: Initiative) -> Fields:
    """A change that is decided: what it is, and why."""
    found = {
        "kind": Notice.Kind.CHANGE.value,
        "places": list(Notice.Place.values),
        "next_word_at": None,
        "title": initiative.title[:_TITLE],
        "what": initiative.summary,
        "doing": initiative.reason,
        "initiative": initiative.pk,
    }
    themes = initiative.evidence.filter(sort=Evidence.Sort.THEME).order_by("pk")
    key = themes.values_list("key", flat=True).first()
    if key:
        words = _words_of(Surge.Sort.THEME, key, "")
        found |= {"sort": Surge.Sort.THEME.value, "key": key, "words": words}
    return found


def _problem(name: str, since: datetime | None) -> Fields:
    """The words about a problem, in both languages."""
    with translation.override("ko"):
        korean = _said(name, since)
    with translation.override("en"):
        english = _said(name, since)
    return korean | {f"{field}_en": words for field, words in english.items()}


def _said(name: str, since: datetime | None) -> Fields:
    title = _("We are looking into “%(name)s”") % {"name": name}
    if since is None:
        what = _("Many people tell us of “%(name)s”. If this happens to you, too: we know of it.")
    else:
        what = _(
            "Since %(since)s many people have been telling us of “%(name)s”. If this happens to"
            " you, too: we know of it, and you need not write to us."
        )
    at = moment(since) if since else ""
    doing = _("We are looking for the cause. As soon as it works again, you will read it here.")
    return {"title": title[:_TITLE], "what": what % {"name": name, "since": at}, "doing": doing}


def _words_of(sort: str, key: str, name: str) -> list[str]:
    """What people say who ask about it: its name, where people gave it one.

    The phrases that the machine names a theme by are too common to tell a case by.
    """
    if sort == Surge.Sort.THEME:
        named = Theme.objects.filter(pk=int(key), named=True)
        return list(named.values_list("name", flat=True))
    return [name] if name and sort == Surge.Sort.QUERY else []


def _next_word(now: datetime) -> datetime:
    """The next quarter of an hour that is an hour away or more."""
    later = timezone.localtime(now + _NEXT).replace(second=0, microsecond=0)
    return later + timedelta(minutes=-later.minute % 15)


Draft = Callable[[int], Fields | None]


def of_surge(number: int) -> Fields | None:
    """The same by the number of a surge; None when there is none."""
    surge = Surge.objects.filter(pk=number).first()
    return from_surge(surge) if surge else None


def of_theme(number: int) -> Fields | None:
    """The same by the number of a theme; None when there is none that stands."""
    theme = Theme.objects.filter(pk=number, merged_into=None).first()
    return from_theme(theme) if theme else None


def of_initiative(number: int) -> Fields | None:
    """The same by the number of an initiative; None when there is none."""
    initiative = Initiative.objects.filter(pk=number).first()
    return from_initiative(initiative) if initiative else None


SOURCES: Final[dict[str, Draft]] = {
    "surge": of_surge,
    "theme": of_theme,
    "initiative": of_initiative,
}
"""What a notice can be drafted from, by its name in an address."""

"""The first words of a story, made from what is known of its initiative; people write on."""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sori.change import selectors
from sori.change.initiatives import evidence
from sori.change.initiatives.brought import brought
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.models import Theme
from sori.lake.query import Reader


def themes_of(initiative: Initiative) -> list[Theme]:
    """The themes that speak for an initiative, where they went in the end."""
    keys = initiative.evidence.filter(sort=Evidence.Sort.THEME).values_list("key", flat=True)
    where = selectors.roots()
    return list(Theme.objects.filter(pk__in={where.get(int(key), int(key)) for key in keys}))


def drafted(reader: Reader, initiative: Initiative, language: str) -> dict[str, Any]:
    """The words of a story in one language: title, said, changed and numbers."""
    themes = themes_of(initiative)
    voices = len(evidence.mentions(reader, initiative))
    first = min((theme.first_seen for theme in themes), default=None)
    with translation.override(language):
        return {
            "title": initiative.title[:120],
            "said": _said(voices, first, [theme.name for theme in themes]),
            "changed": (initiative.summary or initiative.reason).strip()[:1200],
            "numbers": " ".join(filter(None, [_days(first, initiative), _effect(initiative)])),
        }


def _said(voices: int, first: datetime | None, names: list[str]) -> str:
    if not voices or first is None:
        return ""
    heard = ngettext(
        "Since %(day)s we heard %(num)s voice about this: %(what)s.",
        "Since %(day)s we heard %(num)s voices about this: %(what)s.",
        voices,
    )
    day = date_format(timezone.localtime(first), "DATE_FORMAT")
    return heard % {"day": day, "num": number_format(voices), "what": ", ".join(names)}


def _days(first: datetime | None, initiative: Initiative) -> str:
    if first is None or initiative.shipped_at is None:
        return ""
    days = max((initiative.shipped_at - first).days, 0)
    words = ngettext(
        "It took %(num)s day from the first voice to the change.",
        "It took %(num)s days from the first voice to the change.",
        days,
    )
    return words % {"num": number_format(days)}


def _effect(initiative: Initiative) -> str:
    """What is settled of its outcome, if there is something good to tell."""
    known = brought(initiative)
    if known is None or known.verdict != "fewer":
        return ""
    return _("Of 1,000 voices %(before)s were about this before, and %(after)s are since.") % {
        "before": _rate(known.before),
        "after": _rate(known.after),
    }


def _rate(value: float) -> str:
    digits = 1 if value >= 1 else 2
    return number_format(round(value, digits), digits)

"""Everything our templates may call."""

import zlib
from typing import Any, Final

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import json_script
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from django_htmx.jinja import htmx_script
from jinja2 import Environment, StrictUndefined

from sori import words
from sori.insight.library import library_name
from sori.web import times
from sori.web.icons import icon

HUES: Final = 12
TIMES: Final = ("ago", "day", "weekday", "hour", "moment", "duration", "number", "percent")


def environment(**options: Any) -> Environment:
    """Make the environment; Django hands in its loader and reloading."""
    made = Environment(  # noqa: S701 (Django's options bring autoescape=True)
        **options
        | {
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.globals |= {
        "url": url,
        "static": static,
        "icon": icon,
        "json_script": json_script,
        "htmx_script": htmx_script,
        "charts_script": charts_script,
        "sign_in_providers": sign_in_providers,
        "now": timezone.now,
        "language": get_language,
        "kind_word": words.kind,
        "sentiment_word": words.sentiment,
        "urgency_word": words.urgency,
        "language_word": words.language,
        "channel_icon": words.channel_icon,
        "channel_icons": words.ICONS,
        "channel_word": words.channel,
        "channel_about": words.channel_about,
    }
    made.filters |= {name: getattr(times, name) for name in TIMES}
    made.filters |= {"hue": hue, "initials": initials}
    return made


def url(name: str, **arguments: Any) -> str:
    """The address of a named view."""
    return reverse(name, kwargs=arguments)


def charts_script() -> str:
    """The address of the charting library."""
    return url("insight:library", script=library_name())


def sign_in_providers() -> list[dict[str, str]]:
    """The company's own accounts one may sign in with: name and where to post."""
    return [
        {
            "name": app["name"],
            "path": url("openid_connect_login", provider_id=app["provider_id"]),
        }
        for app in settings.OIDC.apps
    ]


def hue(seed: object) -> int:
    """One of twelve colours for an avatar, always the same for the same seed."""
    return zlib.crc32(str(seed).encode()) % HUES


def initials(name: str) -> str:
    """What an avatar says: the given name of a Korean name, else up to two first letters.

    >>> initials("김하은"), initials("Jane Doe"), initials("@hello"), initials("")
    ('하은', 'JD', 'H', '?')
    """
    words_ = [word.lstrip("@#<\"'([") for word in name.split()]
    words_ = [word for word in words_ if word]
    if not words_:
        return "?"
    first = words_[0]
    if len(words_) == 1 and 2 <= len(first) <= 4 and all("가" <= char <= "힣" for char in first):
        return first[-2:]
    return "".join(word[0] for word in words_[:2]).upper()

"""What all pages for everybody share: the reader's own language, and how long they may be kept."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from sori.articles.models import Language

FOR_ALL: Final = "public, max-age=60"
"""Such a page is the same for everybody for a minute."""


def spoken(request: HttpRequest) -> str:
    """The language of ours that the reader's browser asks for; Korean where it asks for none."""
    language = translation.get_language_from_request(request)
    return language if language in Language.values else Language.KO.value


def led(request: HttpRequest, to: str, **arguments: Any) -> HttpResponse:
    """Lead from an address without a language to the same page in the language of the reader.

    Args:
        request: its browser says what the reader speaks.
        to: the name of the address; its `language` is filled in where it is not given.
        arguments: what else the address needs.
    """
    response = redirect(to, **{"language": spoken(request)} | arguments)
    response["Vary"] = "Accept-Language"
    return response

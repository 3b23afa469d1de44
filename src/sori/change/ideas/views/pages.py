"""What all pages of the portal share: their language, their board, and who looks at them."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from sori.change.ideas import entering, selectors
from sori.change.ideas.models import Board, Language
from sori.change.ideas.taking_part import Actor


class Visit(NamedTuple):
    """Somebody looks at the portal.

    Attributes:
        request: what they ask.
        language: of the address.
        boards: those that everybody sees; never none.
        actor: who they are; None for somebody unknown.
    """

    request: HttpRequest
    language: str
    boards: list[Board]
    actor: Actor | None

    @property
    def board_ids(self) -> list[int]:
        """The ids of the boards."""
        return [board.pk for board in self.boards]

    def page(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """A page in the language of its address, whatever the reader's browser speaks."""
        request, actor = self.request, self.actor
        known = {
            "languages_known": Language.choices,
            "portal_name": settings.HELP_NAME,
            "boards": self.boards,
            "actor": actor,
            "root": request.build_absolute_uri("/").rstrip("/"),
            "query": "",
        }
        with translation.override(self.language):
            response = render(request, template, known | context, status=status)
        response["Content-Language"] = self.language
        return response


def visit(request: HttpRequest, language: str) -> Visit:
    """Who looks at which boards.

    Raises:
        Http404: there is no public board, so there is no portal.
    """
    boards = selectors.boards(internal=False)
    if not boards:
        raise Http404
    return Visit(request, language, boards, entering.acting(request, language))


def words_of(request: HttpRequest, name: str, longest: int) -> str:
    """Words of the address, in one line."""
    return " ".join(request.GET.get(name, "").replace("\0", "").split())[:longest]

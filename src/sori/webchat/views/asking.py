"""What every request of a window goes through before it is listened to.

A window stands in somebody else's page, so it brings no cookie and there is nothing to forge: it
shows a token of ours in the body. Its requests are made so that browsers send them without asking
first (a POST of plain text), and the origin decides, exactly compared.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, NamedTuple, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ValidationError

from sori.listen.models import Source
from sori.listen.restraint import address_of, too_often_by
from sori.staff.permissions import public
from sori.webchat import entering
from sori.webchat.entering import Barred
from sori.webchat.models import Visitor

LARGEST: Final = 32 * 1024

Words = TypeVar("Words", bound=BaseModel)
View = Callable[[HttpRequest, str], HttpResponse]


class Asked(NamedTuple):
    """A request of a window that was let in.

    Attributes:
        source: the chat.
        settings: what its channel knows of it, with secrets.
        request: the request itself.
    """

    source: Source
    settings: Any
    request: HttpRequest

    def visitor(self, token: str) -> Visitor:
        """Whoever has this token."""
        return entering.visitor_of(self.source, token)

    def restrain(self, name: str, deed: str, most: int, seconds: int = 3600) -> None:
        """Count one more deed of somebody; enough is enough.

        Raises:
            Barred: there were `most` of it in so many seconds.
        """
        if too_often_by(name, f"chat-{deed}", most, seconds=seconds):
            raise Barred("often", 429)

    def restrain_address(self, deed: str, most: int) -> None:
        """The same for an address, behind which many people may sit."""
        self.restrain(address_of(self.request), f"{deed}-from", most)


def listens(kind: type[Words]) -> Callable[[Callable[[Asked, Words], dict[str, Any]]], View]:
    """Make a view of what is to be done with the words of a window, and answer in JSON.

    Args:
        kind: what the body must say.
    """

    def make(deed: Callable[[Asked, Words], dict[str, Any]]) -> View:
        @public
        @csrf_exempt
        @require_POST
        @wraps(deed)
        def view(request: HttpRequest, slug: str) -> HttpResponse:
            origin = ""
            try:
                source, settings = entering.open_chat(slug)
                origin = entering.admit(settings, request.headers.get("Origin"), own(request))
                asked = Asked(source, settings, request)
                return _json(deed(asked, _read(request, kind)), origin)
            except Barred as barred:
                return _json({"error": barred.word}, origin, status=barred.status)

        return view

    return make


def own(request: HttpRequest) -> str:
    """Our own origin, as this request reached it."""
    return entering.own_origin(str(request.scheme), request.get_host())


def _read(request: HttpRequest, kind: type[Words]) -> Words:
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Barred("large", 413)
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        raise Barred("unreadable", 422) from None


def _json(data: dict[str, Any], origin: str, status: int = 200) -> HttpResponse:
    response = JsonResponse(data, status=status)
    response["Vary"] = "Origin"
    response["Cache-Control"] = "no-store"
    if origin:
        response["Access-Control-Allow-Origin"] = origin
    return response

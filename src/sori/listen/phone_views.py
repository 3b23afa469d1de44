"""The door for a telephone system: signed events, fresh and each counted once."""

import hashlib
import hmac
import secrets
import time
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from sori.channels.unreadable import faults
from sori.database import write_atomic
from sori.journal.services import record
from sori.listen import calling, services
from sori.listen.models import Source
from sori.listen.restraint import too_often
from sori.listen.vault import opened_settings
from sori.staff.permissions import Permission, me, public, requires

LARGEST: Final = 64 * 1024
OLDEST: Final = 5 * 60
MOST_AN_HOUR: Final = 6_000


# A machine sends this: it has no session to abuse and no page to take a token from.
@public
@csrf_exempt
@require_POST
def arrived(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one event of a telephone system; 202 when it is kept, also when it was before."""
    source = Source.objects.filter(slug=slug, channel=calling.CHANNEL).first()
    if source is None or source.state == Source.State.PAUSED:
        raise Http404
    if too_often(request, "call", MOST_AN_HOUR):
        return _refused("too many events; try again in an hour", 429)
    body = _body(request)
    if body is None:
        return _refused(f"an event has at most {LARGEST} bytes", 413)
    settings: Any = opened_settings(source)
    signature = request.headers.get("X-Sori-Signature", "")
    if not signed(body, signature, settings.secret.get_secret_value(), now=time.time()):
        return _refused("the signature is missing, wrong, or older than five minutes", 401)
    try:
        event = calling.CallEvent.model_validate_json(body)
    except ValidationError as error:
        return _refused(faults(error), 422)
    calling.hear(source, event, settings)
    return JsonResponse({"taken": True}, status=202)


@requires(Permission.CHANGE_SOURCES)
@require_POST
def new_secret(request: HttpRequest, source: int) -> HttpResponse:
    """Make a new signing secret and show it, this once."""
    row = get_object_or_404(Source, pk=source, channel=calling.CHANNEL)
    secret = secrets.token_urlsafe(32)
    with write_atomic():
        services.change_source(
            source=row, member=me(request), settings=row.settings | {"secret": secret}
        )
        record("source.secret_made", f"source:{row.pk}", member=me(request))
    address = request.build_absolute_uri(f"/calls/arrived/{row.slug}/")
    context = {"source": row, "secret": secret, "address": address}
    return render(request, "listen/secret.html", context)


def signed(body: bytes, signature: str, secret: str, *, now: float) -> bool:
    """Whether a body was signed with the secret at most five minutes ago.

    Args:
        body: the bytes as they came.
        signature: `t=SECONDS,v1=HEX`, HMAC-SHA256 over the seconds, a dot and the body.
        secret: an empty one has signed nothing.
        now: seconds since 1970.
    """
    parts = dict(part.strip().partition("=")[::2] for part in signature.split(","))
    at, given = parts.get("t", ""), parts.get("v1", "")
    if not (secret and at.isascii() and at.isdecimal() and len(at) < 12 and given.isascii()):
        return False
    right = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(right, given.lower()) and abs(now - int(at)) <= OLDEST


def _body(request: HttpRequest) -> bytes | None:
    """The body; None when it is too large, whatever its length claims to be."""
    body = request.read(LARGEST + 1)
    return body if len(body) <= LARGEST else None


def _refused(why: str, status: int) -> HttpResponse:
    return JsonResponse({"error": why}, status=status)

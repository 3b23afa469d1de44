"""What members see of the chat: how to put it into a page, a preview, and who is there now."""

import secrets
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from sori.database import write_atomic
from sori.journal.services import record
from sori.listen import services as listening
from sori.listen.models import Source
from sori.listen.vault import opened_secrets
from sori.staff.permissions import Permission, me, requires
from sori.webchat import presence
from sori.webchat.entering import CHANNEL, own_origin

_SAMPLES: Final = {
    "Python": """import hashlib, hmac, json, time

who = {"id": user.id, "name": user.name, "email": user.email, "at": int(time.time())}
identity = json.dumps(who)
signature = hmac.new(SECRET.encode(), identity.encode(), hashlib.sha256).hexdigest()""",
    "PHP": """$who = ["id" => $user->id, "name" => $user->name,
        "email" => $user->email, "at" => time()];
$identity = json_encode($who);
$signature = hash_hmac("sha256", $identity, $SECRET);""",
    "Node.js": """const { createHmac } = require("node:crypto");
const at = Math.floor(Date.now() / 1000);
const { id, name, email } = user;
const identity = JSON.stringify({ id, name, email, at });
const signature = createHmac("sha256", SECRET).update(identity).digest("hex");""",
}
"""How a site signs who its customer is, by language."""


@requires(Permission.READ_SOURCES)
@require_GET
def set_up(request: HttpRequest, source: int) -> HttpResponse:
    """How to put the window into a page, and how to say who a customer is."""
    return _page(request, _chat(source))


@requires(Permission.CHANGE_SOURCES)
@require_POST
def new_secret(request: HttpRequest, source: int) -> HttpResponse:
    """Make a new signing secret and show it, this once."""
    row = _chat(source)
    secret = secrets.token_urlsafe(32)
    with write_atomic():
        listening.change_source(
            source=row, member=me(request), settings=row.settings | {"secret": secret}
        )
        record("source.secret_made", f"source:{row.pk}", member=me(request))
    row.refresh_from_db()
    return _page(request, row, secret=secret)


@requires(Permission.READ_SOURCES)
@require_GET
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The window in a page of our own."""
    source = get_object_or_404(Source, slug=slug, channel=CHANNEL)
    return render(request, "webchat/preview.html", {"source": source})


@requires(Permission.READ_INBOX)
@require_GET
def here(request: HttpRequest, case: int) -> HttpResponse:
    """Who of a case sits at the window, and where an answer would go."""
    return render(request, "webchat/here.html", {"visitors": presence.beside_case(case)})


def _chat(source: int) -> Source:
    return get_object_or_404(Source, pk=source, channel=CHANNEL)


def _page(request: HttpRequest, row: Source, secret: str = "") -> HttpResponse:
    origin = own_origin(str(request.scheme), request.get_host())
    address = f"{origin}/chat/{row.slug}/widget.js"
    context = {
        "source": row,
        "secret": secret,
        "has_secret": "secret" in opened_secrets(row),
        "origins": row.settings.get("origins") or [],
        "embed": f'<script src="{address}" async></script>',
        "signed": f'<script src="{address}" async\n  data-identity="{{{{ identity }}}}"\n'
        '  data-signature="{{ signature }}"></script>',
        "samples": _SAMPLES,
    }
    return render(request, "webchat/set_up.html", context)

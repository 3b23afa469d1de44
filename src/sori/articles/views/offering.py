"""While somebody fills in a web form: articles that may spare them the writing."""

from typing import Final, NamedTuple

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sori.articles import reading
from sori.articles.forms import OfferedForm
from sori.listen.form_views import key_of, slug_of
from sori.listen.models import Source
from sori.listen.restraint import too_often
from sori.staff.permissions import public

OFFERS_AN_HOUR: Final = 240
SHORTEST: Final = 4
_SALT: Final = "sori.articles.origin"
_A_DAY: Final = 24 * 3600


class Origin(NamedTuple):
    """The form from which an article was opened.

    Attributes:
        source: id of the web form.
        key: the name its delivery has, if it is sent.
    """

    source: int
    key: str


# Words travel in the body and not in the address, which stands in logs. A form in a frame on
# somebody else's page has no cookie of ours, so there is nothing to forge; nothing is written.
@public
@csrf_exempt
@require_POST
def offered(request: HttpRequest) -> HttpResponse:
    """Up to three public articles about what is being written; nothing when none fits."""
    form = OfferedForm(request.POST)
    articles = []
    origin = ""
    if form.is_valid() and not too_often(request, "offer", OFFERS_AN_HOUR):
        said = f"{form.cleaned_data['subject']} {form.cleaned_data['text']}".strip()
        if len(said) >= SHORTEST:
            articles = reading.offered(said, _language())
        origin = _origin(form.cleaned_data["ticket"])
    return render(request, "help/offered.html", {"articles": articles, "origin": origin})


def read_origin(signed: str) -> Origin | None:
    """The form that an address of ours names; None for anything else."""
    if not signed:
        return None
    try:
        source, key = signing.loads(signed, salt=_SALT, max_age=_A_DAY)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Origin(int(source), str(key))


def _origin(ticket: str) -> str:
    """The signed name of the form with this ticket; empty if it is none of ours."""
    slug = slug_of(ticket)
    source = Source.objects.filter(slug=slug, channel="webform").first() if slug else None
    return signing.dumps([source.pk, key_of(ticket)], salt=_SALT) if source else ""


def _language() -> str:
    return (get_language() or "ko")[:2]

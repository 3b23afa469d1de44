"""The pages of the campaigns: all of the last weeks, and one with its voices."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from sori.change import campaigning, voices
from sori.change.models import Campaign
from sori.listen import memory
from sori.respond.selectors import cases_of
from sori.staff.permissions import Permission, allows, requires


@requires(Permission.READ_OVERVIEW)
@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """What comes from one hand, now and in the last thirty days."""
    now_open, past = campaigning.now(), campaigning.past()
    private = allows(request.user, Permission.READ_INBOX)
    context: dict[str, Any] = {
        "now_open": now_open,
        "past": past,
        "said": voices.openings(memory.reader(), [*now_open, *past], private=private),
    }
    return render(request, "change/campaigns.html", context)


@requires(Permission.READ_OVERVIEW)
@require_GET
def campaign(request: HttpRequest, campaign: int) -> HttpResponse:
    """One campaign: since when, how many accounts, with which words, and what it carried."""
    row = get_object_or_404(Campaign, pk=campaign)
    private = allows(request.user, Permission.READ_INBOX)
    made = voices.of_campaign(memory.reader(), row, private=private)
    context: dict[str, Any] = {
        "campaign": row,
        "first": made.first,
        "carriers": made.carriers,
        "cases": cases_of(one["id"] for one in made.first) if private else {},
        "surges": campaigning.surges_of(row),
    }
    return render(request, "change/campaign.html", context)

"""What became of something that was just written down."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sori.respond.models import Message
from sori.staff.permissions import Permission, requires

LOOKS: Final = 15


@requires(Permission.READ_INBOX)
@require_safe
def became(request: HttpRequest, source: int, key: str) -> HttpResponse:
    """A link to the case as soon as there is one; asks again every two seconds, half a minute."""
    written = Message.objects.filter(external_id=f"{source}:{key}", conversation__source=source)
    number = request.GET.get("look", "")
    look = int(number) if number.isdecimal() and len(number) < 4 else 0
    context = {
        "case": written.values_list("conversation__case_id", flat=True).first(),
        "source": source,
        "key": key,
        "next": look + 1 if look < LOOKS else None,
    }
    return render(request, "respond/became.html", context)

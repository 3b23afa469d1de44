"""What I want to hear, by which ways and when; and the link in a mail that makes it stop."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sori.mailing import mail_works
from sori.notifications import chatting, selectors, services
from sori.notifications.forms import ChoiceForm, OutletForm
from sori.notifications.gathering import people
from sori.notifications.models import Choice
from sori.notifications.quiet import DAILY, NEVER
from sori.notifications.tokens import read_token
from sori.staff.models import Member
from sori.staff.permissions import Permission, me, public, requires


@requires(Permission.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """The page of choices."""
    member = me(request)
    choice = Choice.objects.filter(member=member).first() or Choice(member=member)
    form = ChoiceForm(request.POST or None, role=member.role, choice=choice)
    if request.method == "POST" and form.is_valid():
        services.choose(member=member, **form.chosen())
        messages.success(request, _("Saved."))
        return redirect("notifications:choices")
    context = choice_context(member, form)
    return render(
        request, "notifications/choices.html", context, status=422 if form.errors else 200
    )


def choice_context(
    member: Member, form: ChoiceForm | None = None, adding: OutletForm | None = None
) -> dict[str, Any]:
    """All that the page of choices shows."""
    choice = Choice.objects.filter(member=member).first() or Choice(member=member)
    return {
        "form": form or ChoiceForm(role=member.role, choice=choice),
        "adding": adding or OutletForm(),
        "outlets": selectors.outlets(member.pk),
        "mailbox": selectors.mailbox(member.pk),
        "mail_works": mail_works(),
        "chat_works": chatting.installed(),
        "works": people([member.pk])[member.pk].work is not None,
    }


# The key in the address stands for the session: mail programs that offer one click to end it send
# no cookie of ours (RFC 8058), so there is none to forge a request with.
@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest, token: str) -> HttpResponse:
    """How much mail comes, for whoever holds the key of a mail; one click ends it."""
    number = read_token(token)
    if number is None:
        raise Http404
    subject = get_object_or_404(Member, pk=number, is_active=True)
    rhythm = ""
    if request.method == "POST":
        rhythm = DAILY if request.POST.get("rhythm") == DAILY else NEVER
        services.no_more_mail(member=subject, rhythm=rhythm)
    context = {"subject": subject, "token": token, "rhythm": rhythm}
    return render(request, "notifications/mail_choice.html", context)

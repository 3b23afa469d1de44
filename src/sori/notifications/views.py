"""What somebody was told: the list, the bell, opening one; following a case."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_htmx.http import trigger_client_event

from sori.notifications import selectors, services
from sori.notifications.models import Notification
from sori.notifications.sentences import path_of
from sori.respond.models import Case
from sori.staff.permissions import Permission, allows, me, requires


@requires(Permission.SIGNED_IN)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What I was told, today and earlier, and the cases I follow."""
    member = me(request)
    unread_only = request.GET.get("show") == "unread"
    after = _number(request.GET.get("after", ""))
    told = selectors.bell(member.pk)
    found = selectors.page(member=member.pk, unread_only=unread_only, after=after)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "unread_only": unread_only,
        "unread": told.unread,
        "today": [row for row in found.rows if timezone.localdate(row["at"]) == today],
        "earlier": [row for row in found.rows if timezone.localdate(row["at"]) != today],
        "next": found.next,
        "after": after,
        "upto": told.newest,
        "followed": [],
    }
    if after is None and allows(member, Permission.READ_INBOX):
        context["followed"] = selectors.followed(member.pk)
    return render(request, "notifications/page.html", context)


@requires(Permission.SIGNED_IN)
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell of the main menu, and a word about what came since it was last looked at."""
    member = me(request)
    after = _number(request.GET.get("after", ""))
    response = render(request, "notifications/bell.html")
    newest = None if after is None else selectors.newest_since(member.pk, after)
    if newest is not None:
        trigger_client_event(response, "toast", {"text": newest["text"]})
    return response


@requires(Permission.SIGNED_IN)
@require_GET
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where it leads; what was told of the same thing is read with it."""
    told = get_object_or_404(Notification, pk=pk, member=me(request))
    services.mark_read(member=me(request), about=told.about)
    return redirect(path_of(told.about))


@requires(Permission.SIGNED_IN)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All that was in sight is read."""
    services.mark_read(member=me(request), upto=_number(request.POST.get("upto", "")))
    return redirect("notifications:page")


@requires(Permission.READ_INBOX)
@require_GET
def watch(request: HttpRequest, case: int) -> HttpResponse:
    """Who follows this case, for its page; whoever sees it has read what they were told of it."""
    return _watch(request, case)


@requires(Permission.READ_INBOX)
@require_POST
def follow(request: HttpRequest, case: int) -> HttpResponse:
    """Follow a case, or do so no more."""
    if not Case.objects.filter(pk=case).exists():
        raise Http404
    wanted = request.POST.get("follow") == "yes"
    deed = services.follow if wanted else services.unfollow
    deed(case=case, member=me(request))
    if request.htmx:  # type: ignore[attr-defined]
        return _watch(request, case)
    return redirect(path_of(f"case:{case}"))


def _watch(request: HttpRequest, case: int) -> HttpResponse:
    member = me(request)
    read = services.mark_read(member=member, about=f"case:{case}")
    followers = selectors.followers(case)
    context = {
        "case": case,
        "followers": followers,
        "following": any(one["id"] == member.pk for one in followers),
    }
    response = render(request, "notifications/watch.html", context)
    if read:
        trigger_client_event(response, "notified")
    return response


def _number(text: str) -> int | None:
    """A number of the address; whoever made one up gets none."""
    return int(text) if text.isdecimal() and len(text) < 19 else None

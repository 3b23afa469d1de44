"""Pages about members: signing in by link, the list, one's own profile."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sori.database import write_atomic
from sori.errors import Refused
from sori.staff import faces, selectors, services
from sori.staff.forms import InviteForm, PlaceForm, ProfileForm
from sori.staff.links import INVITED, make_sign_in_link, send_sign_in_link
from sori.staff.models import Face, Member, Role
from sori.staff.permissions import Permission, me, requires

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def site_of(request: HttpRequest) -> str:
    """Where this site is, as outsiders must write it."""
    address: str = settings.SITE_URL
    return address or f"{request.scheme}://{request.get_host()}"


@requires(Permission.CHANGE_MEMBERS)
@get_or_post
def members(request: HttpRequest) -> HttpResponse:
    """The list, and the form that invites."""
    form = InviteForm(request.POST or None, initial={"role": Role.AGENT})
    if request.method == "POST" and form.is_valid():
        invited = services.invite(**form.cleaned_data, member=me(request))
        return _hand_over_link(request, invited)
    context = {"members": selectors.members(), "roles": dict(Role.choices), "form": form}
    return render(request, "staff/members.html", context, status=422 if form.errors else 200)


def _hand_over_link(request: HttpRequest, subject: Member) -> HttpResponse:
    """Mail the invitation, or show the link when this site cannot send mail."""
    if settings.MAIL.host:
        try:
            send_sign_in_link(member=subject, site=site_of(request), lasts=INVITED)
        except OSError as error:
            messages.error(
                request, _("The mail could not be sent (%s). Pass this link on.") % error
            )
        else:
            messages.success(request, _("An invitation is on its way to %s.") % subject.email)
            return redirect("staff:members")
    link = site_of(request) + make_sign_in_link(subject, lasts=INVITED)
    return render(request, "staff/link.html", {"subject": subject, "link": link})


@requires(Permission.CHANGE_MEMBERS)
@require_POST
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Send or show a fresh sign-in link for somebody."""
    return _hand_over_link(request, get_object_or_404(Member, pk=pk, is_active=True))


@requires(Permission.CHANGE_MEMBERS)
@get_or_post
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: name, role, department."""
    subject = get_object_or_404(Member, pk=pk)
    department = subject.department.name if subject.department else ""
    teams = ", ".join(subject.teams.values_list("name", flat=True))
    start = {"name": subject.name, "role": subject.role, "department": department, "teams": teams}
    form = PlaceForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(subject=subject, **form.cleaned_data, member=me(request))
        except services.LastAdministrator:
            form.add_error("role", _("This is the last administrator."))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:members")
    context = {"subject": subject, "form": form}
    return render(request, "staff/member.html", context, status=422 if form.errors else 200)


@requires(Permission.CHANGE_MEMBERS)
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut somebody out, or (when they are) let them in again."""
    subject = get_object_or_404(Member, pk=pk)
    if not subject.is_active:
        services.activate(subject=subject, member=me(request))
    elif subject == request.user:
        messages.error(request, _("You cannot deactivate yourself."))
    else:
        try:
            services.deactivate(subject=subject, member=me(request))
        except services.LastAdministrator:
            messages.error(request, _("This is the last administrator."))
    return redirect("staff:members")


@requires(Permission.SIGNED_IN)
@get_or_post
def profile(request: HttpRequest) -> HttpResponse:
    """One's own page."""
    member = me(request)
    start = {field: getattr(member, field) for field in ("name", "about", "language", "theme")}
    form = ProfileForm(request.POST or None, request.FILES or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            _keep_profile(member, dict(form.cleaned_data))
        except Refused as refused:
            form.add_error("photo", str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:profile")
    context = {"form": form, "face": Face.objects.filter(member=member).exists()}
    return render(request, "staff/profile.html", context, status=422 if form.errors else 200)


def _keep_profile(member: Member, chosen: dict[str, Any]) -> None:
    photo, no_photo = chosen.pop("photo"), chosen.pop("no_photo")
    with write_atomic():
        services.change_profile(member=member, about_line=chosen.pop("about"), **chosen)
        if no_photo:
            faces.forget_face(member=member)
        elif photo:
            faces.keep_face(member=member, upload=photo)


@requires(Permission.SIGNED_IN)
@require_safe
def face(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001 (a view takes it)
    """The face of a member."""
    image = faces.face_of(pk)
    if not image:
        raise Http404
    return HttpResponse(
        image, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=300"}
    )


@requires(Permission.SIGNED_IN)
@reauthentication_required  # type: ignore[untyped-decorator]
@get_or_post
def password(request: HttpRequest) -> HttpResponse:
    """Set one's password, shortly after having signed in again."""
    member = me(request)
    form = SetPasswordForm(member, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(member=member, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, member)
        messages.success(request, _("Your password is changed; all other devices are signed out."))
        return redirect("staff:profile")
    return render(
        request, "staff/password.html", {"form": form}, status=422 if form.errors else 200
    )

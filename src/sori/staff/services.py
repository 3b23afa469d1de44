"""Everything that changes a member."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from sori.database import write_atomic
from sori.errors import SoriError
from sori.staff.links import PRINTED, make_sign_in_link, welcome_path
from sori.staff.models import Department, Member, Role, SignInLink, Team
from sori.staff.signals import name_of, tell


class LastAdministrator(SoriError):
    """Somebody must be left who can let others in."""

    permanent = True


def make_administrator(*, email: str, name: str, password: str | None = None) -> Member:
    """The first member, who may do everything; None as password means signing in by link."""
    with write_atomic():
        member = Member.objects.create_user(email, password, name=name, role=Role.ADMIN)
        tell("member.added", name_of(member), member=member, role=Role.ADMIN.value)
    return member


def invite(
    *,
    email: str,
    name: str,
    role: str,
    department: str,
    member: Member,
    teams: Sequence[str] = (),
) -> Member:
    """A new member, without a password; they come in by a sign-in link.

    Args:
        email: their address.
        name: what colleagues read.
        role: one of `Role`.
        department: its name; an unknown one is founded, "" is none.
        member: who invites.
        teams: the names of its teams they are in; unknown ones are founded.
    """
    with write_atomic():
        made = Member.objects.create_user(
            email, None, name=name, role=role, department=found(department, member=member)
        )
        _join(made, teams, member=member)
        tell("member.added", name_of(made), member=member, role=role)
    return made


def found(name: str, *, member: Member | None) -> Department | None:
    """The department of this name, founded when it is new; None for ""."""
    if not name.strip():
        return None
    department, new = Department.objects.get_or_create(name=name.strip())
    if new:
        tell("department.founded", f"department:{department.pk}", member=member)
    return department


def _join(subject: Member, teams: Sequence[str], *, member: Member) -> None:
    """Let somebody be in these teams of their department, and in no others."""
    found_teams, known = [], {"department_id": subject.department_id}
    for name in teams if subject.department_id else ():
        team, new = Team.objects.get_or_create(name=name, defaults=known)
        if new:
            tell("team.founded", f"department:{team.department_id}", member=member, team=team.pk)
        found_teams.append(team)
    subject.teams.set(found_teams)


def change(
    *,
    subject: Member,
    name: str,
    role: str,
    department: str,
    member: Member,
    teams: Sequence[str] = (),
) -> None:
    """Change who somebody is in the company; the arguments are those of `invite`.

    Raises:
        LastAdministrator: when nobody would be left to administer.
    """
    with write_atomic():
        before = Member.objects.select_for_update().get(pk=subject.pk)
        if role != Role.ADMIN:
            _keep_an_administrator(before)
        subject.name, subject.role = name, role
        subject.department = found(department, member=member)
        subject.save(update_fields=["name", "role", "department"])
        _join(subject, teams, member=member)
        tell("member.changed", name_of(subject), member=member, role=role, role_before=before.role)


def deactivate(*, subject: Member, member: Member) -> None:
    """Shut somebody out: sessions and links die at once, what they did stays theirs.

    Raises:
        LastAdministrator: when nobody would be left to administer.
    """
    with write_atomic():
        _keep_an_administrator(Member.objects.select_for_update().get(pk=subject.pk))
        subject.is_active = False
        # A session carries a hash of the password: a new one ends every session there is, and
        # none of them comes back to life with the member.
        subject.set_unusable_password()
        subject.save(update_fields=["is_active", "password"])
        SignInLink.objects.filter(member=subject, used_at=None).delete()
        tell("member.deactivated", name_of(subject), member=member)


def activate(*, subject: Member, member: Member) -> None:
    """Let somebody in again; they come by link, their old password is gone."""
    with write_atomic():
        subject.is_active = True
        subject.save(update_fields=["is_active"])
        tell("member.activated", name_of(subject), member=member)


def change_profile(
    *, member: Member, name: str, about_line: str, language: str, theme: str
) -> None:
    """What members say about themselves, and how they like to read."""
    with write_atomic():
        member.name, member.about = name, about_line
        member.language, member.theme = language, theme
        member.save(update_fields=["name", "about", "language", "theme"])
        tell("member.profile_changed", name_of(member), member=member)


def change_password(*, member: Member, password: str) -> None:
    """Set a new password; every session and every open sign-in link ends."""
    with write_atomic():
        member.set_password(password)
        member.save(update_fields=["password"])
        SignInLink.objects.filter(member=member, used_at=None).delete()
        tell("member.password_changed", name_of(member), member=member)


def entrance(*, demo: bool) -> str:
    """The path to print at start, for whoever runs this site.

    While there is nobody: the page that makes the administrator. In the demo: a link that signs
    its administrator in, once. Else the sign-in page.
    """
    if not Member.objects.exists():
        return welcome_path()
    administrators = Member.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk")
    if demo and (first := administrators.first()):
        return make_sign_in_link(first, lasts=PRINTED, printed=True)
    return reverse("account_login")


def forget_old_links(*, after: timedelta = timedelta(days=30)) -> int:
    """Drop links that ended long ago; returns how many."""
    before = timezone.now() - after
    with write_atomic():
        gone, _ = SignInLink.objects.filter(
            Q(expires_at__lt=before) | Q(used_at__lt=before)
        ).delete()
    return gone


def _keep_an_administrator(subject: Member) -> None:
    administrators = Member.objects.filter(role=Role.ADMIN, is_active=True)
    if subject.role == Role.ADMIN and not administrators.exclude(pk=subject.pk).exists():
        raise LastAdministrator("this is the last administrator")

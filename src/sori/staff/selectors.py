"""Read members."""

from typing import Any

from sori.staff.models import Department, Member
from sori.staff.permissions import PERMISSIONS, Permission


def members() -> list[dict[str, Any]]:
    """Everybody, active ones first, with their department and when they were last here."""
    rows = Member.objects.order_by("-is_active", "name", "email").values(
        "id", "name", "email", "role", "is_active", "last_login", "department__name"
    )
    return [dict(row) for row in rows]


def who_may(permission: Permission) -> list[dict[str, Any]]:
    """Active members with a permission, by name: id, name, department__name."""
    roles = [role for role, allowed in PERMISSIONS.items() if permission in allowed]
    rows = Member.objects.filter(is_active=True, role__in=roles).order_by("name", "pk")
    return [dict(row) for row in rows.values("id", "name", "department__name")]


def department_names() -> list[str]:
    """All departments."""
    return list(Department.objects.values_list("name", flat=True))


def anybody() -> bool:
    """Whether there is any member at all."""
    return Member.objects.exists()

"""What every page knows without being told."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from sori.change.notices.selectors import standing
from sori.journal.selectors import last
from sori.notifications.selectors import bell
from sori.staff.models import Member
from sori.staff.permissions import Permission, allows
from sori.web.navigation import doors


def page(request: HttpRequest) -> dict[str, Any]:
    """The member, their menu, their theme, and `may("inbox.read")` for templates."""
    user = getattr(request, "user", None)
    member = user if isinstance(user, Member) else None
    return {
        "member": member,
        "doors": doors(member, request.path) if member else [],
        "theme": member.theme if member else "",
        "languages": settings.LANGUAGES,
        "last_event": last,
        "bell": lambda: bell(member.pk) if member else None,
        "standing_notices": standing,
        "may": lambda permission: allows(member, Permission(permission)),
    }

"""What members do, told to whoever stands above (the journal); staff itself knows nobody above."""

from django.dispatch import Signal

from sori.staff.models import Member

happened = Signal()
"""Sent inside the transaction: `kind`, `about`, `member` (who did it or None) and `data`."""


def tell(kind: str, about: str, *, member: Member | None = None, **data: object) -> None:
    """Tell that something happened; a listener that fails undoes the thing itself."""
    happened.send(sender=None, kind=kind, about=about, member=member, data=data)


def name_of(member: Member) -> str:
    """How the journal names a member."""
    return f"member:{member.pk}"

"""Who belongs to the company, told from a mail address alone: for questions by mail.

A mark is "@domain" or a whole address. Domains are those the operator lists, else those of the
members' own addresses; where anybody can have an address, only the members' own are meant.
"""

from collections.abc import Collection
from typing import Final

from django.conf import settings

from sori.staff.models import Member

FOR_ANYBODY: Final = frozenset(
    {
        "gmail.com", "googlemail.com", "naver.com", "daum.net", "hanmail.net", "kakao.com",
        "nate.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com",
        "proton.me", "protonmail.com", "gmx.net", "gmx.de", "web.de", "qq.com", "163.com",
    }
)  # fmt: skip
"""Where everybody may have an address."""


def marks() -> frozenset[str]:
    """The marks of everybody who belongs to the company; one question."""
    members = Member.objects.filter(is_active=True).values_list("email", flat=True)
    addresses = {address.casefold() for address in members}
    listed = {domain.casefold() for domain in settings.COLLEAGUE_DOMAINS}
    domains = listed or {one.rpartition("@")[2] for one in addresses} - FOR_ANYBODY
    apart = {one for one in addresses if one.rpartition("@")[2] not in domains}
    return frozenset(apart | {f"@{domain}" for domain in domains if domain})


def is_colleague(address: str, known: Collection[str]) -> bool:
    """Whether one of the marks fits an address."""
    plain = address.casefold()
    return plain in known or f"@{plain.rpartition('@')[2]}" in known

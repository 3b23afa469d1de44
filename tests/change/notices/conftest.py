"""Notices, and who writes and approves them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from desk import member
from sori.change import selectors
from sori.change.models import Surge
from sori.change.notices import services
from sori.change.notices.models import Notice
from sori.staff.models import Member, Role

Told = Callable[..., Notice]


@pytest.fixture(autouse=True)
def _of_its_own(home: Path, db: None) -> None:
    cache.clear()
    for kept in (selectors._centres, selectors._members):
        kept.cache_clear()


@pytest.fixture
def supervisor() -> Member:
    """A member who may approve."""
    return member("도윤", Role.SUPERVISOR)


@pytest.fixture
def agent() -> Member:
    """A member who may write."""
    return member("서연", Role.AGENT)


@pytest.fixture
def drafted(agent: Member) -> Told:
    """Writes a draft."""

    def draft(**fields: Any) -> Notice:
        usual = {
            "title": "로그인이 잘 안 되고 있어요",
            "what": "오늘 아침부터 앱 로그인이 느려요.",
            "doing": "원인을 찾고 있어요.",
            "places": ["help", "form"],
        }
        return services.draft(member=agent, **(usual | fields))

    return draft


@pytest.fixture
def told(drafted: Told, supervisor: Member) -> Told:
    """Writes a notice and lets everybody read it."""

    def tell(**fields: Any) -> Notice:
        notice = drafted(**fields)
        services.approve(notice=notice, member=supervisor)
        notice.refresh_from_db()
        return notice

    return tell


@pytest.fixture
def surge() -> Surge:
    """Something grows: a listening rule."""
    at = timezone.now() - timezone.timedelta(hours=3)
    return Surge.objects.create(
        sort="query", key="7", name="로그인 오류", since=at, told_at=at, last=timezone.now(),
        peak_at=at, peak=9, voices=40, expected=3.0, people=36, urgent=10, copies=0, severity=2,
    )  # fmt: skip


@pytest.fixture
def visitor() -> Client:
    """Somebody from outside who reads Korean."""
    return Client(headers={"accept-language": "ko"})

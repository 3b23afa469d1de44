"""A company that considers changes, and somebody who may decide about them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from desk import member
from sori.change.initiatives import services
from sori.change.initiatives.models import Initiative
from sori.change.models import Theme
from sori.staff.models import Member, Role


@pytest.fixture
def boss(db: None) -> Member:
    return member("정하윤", Role.SUPERVISOR)


@pytest.fixture
def agent(db: None) -> Member:
    return member("이서연")


@pytest.fixture
def begun(boss: Member) -> Callable[..., Initiative]:
    """Begins an initiative; what it has come to is said by name."""

    def make(title: str = "앱 로그인 유지", decision: str = "", stage: str = "") -> Initiative:
        row = services.begin(member=boss, title=title)
        if decision:
            soon = timezone.localdate() + timedelta(days=30)
            day = soon if decision == "later" else None
            row = services.decide(
                initiative=row, member=boss, decision=decision, reason="이유", review_on=day
            )
        if stage:
            row = services.move(initiative=row, member=boss, stage=stage)
        return row

    return make


@pytest.fixture
def theme(db: None) -> Theme:
    now = timezone.now()
    return Theme.objects.create(
        number=7,
        name="로그인이 풀려요",
        central="앱을 켤 때마다 로그인이 풀려요",
        central_mention="20261120" + "1" * 20,
        central_public=True,
        voices=40,
        people=31,
        first_seen=now,
        last_seen=now,
    )

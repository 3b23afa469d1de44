"""Voices about something, and a study of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crowd import say, voice
from desk import member
from sori.change import selectors
from sori.change.studies import services
from sori.change.studies.models import Study
from sori.change.studies.running import study_due
from sori.lake.store import Lake
from sori.listen import memory
from sori.staff.models import Member, Role

Ask = Callable[..., Study]


@pytest.fixture(autouse=True)
def _of_its_own(lake: Lake, db: None) -> None:
    for kept in (selectors._centres, selectors._members):
        kept.cache_clear()


@pytest.fixture
def agent() -> Member:
    """A member who may ask for studies."""
    return member("서연", Role.AGENT)


@pytest.fixture
def viewer() -> Member:
    """A member who may not even read mentions."""
    return member("보라", Role.VIEWER)


@pytest.fixture
def ask(agent: Member) -> Ask:
    """Asks for a study of the last month, and lets a worker gather it."""

    def study(*, gathered: bool = True, **fields: Any) -> Study:
        today = timezone.localdate()
        usual = {
            "name": "이심 요금제",
            "question": "이심에서 무엇이 불편한가요?",
            "rule": "이심 OR eSIM",
            "rule_name": "이심",
            "rival": "",
            "rival_name": "",
            "since": today - timedelta(days=29),
            "until": today,
        }
        made = services.ask(member=agent, **(usual | fields))
        if gathered:
            assert study_due() == 1
        made.refresh_from_db()
        return made

    return study


@pytest.fixture
def talk(lake: Lake) -> list[str]:
    """What people say about two things, and about others; the ids."""
    days = [timezone.now() - timedelta(days=day) for day in range(1, 9)]
    rows = [
        voice("이심 개통이 너무 어려워요", published_at=at, kind="complaint", topics=["join"])
        for at in days
    ]
    rows += [
        voice("이심 개통은 어떻게 하나요?", published_at=at, kind="question", topics=["join"])
        for at in days[:4]
    ]
    rows += [
        voice("유심 배송이 빨라서 좋아요", published_at=at, kind="praise", topics=["delivery"])
        for at in days
    ]
    rows += [voice("날씨가 좋네요", published_at=at) for at in days[:3]]
    rows += [voice("이심 광고 대출", published_at=days[0], kind="other", topics=[])]
    rows += [
        voice(
            "이심 때문에 개통이 안 됩니다. 제 전화는 010-1234-5678 이에요",
            published_at=days[0], kind="complaint", topics=["join"], public=False,
        )
    ]  # fmt: skip
    return say(lake, *rows)


@pytest.fixture
def reader(lake: Lake) -> Any:
    """Asks the lake as the pages do."""
    return memory.counting_reader()

"""A desk with rules on it."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from desk import source
from oracle import install
from sori.automation.models import Follower, Rule
from sori.automation.running import Runner
from sori.journal import selectors as journal
from sori.listen.models import Source
from sori.staff.models import Member, Role

numbers = itertools.count(1)


@pytest.fixture
def author(db: None) -> Member:
    return Member.objects.create_user("rules@x.kr", name="규칙 쓴 사람", role=Role.SUPERVISOR)


@pytest.fixture
def make_rule(author: Member):
    """Writes a rule that is switched on since yesterday."""

    def make(*actions: tuple[str, ...], **fields: Any) -> Rule:
        number = next(numbers)
        known = {
            "name": f"rule {number}",
            "position": number,
            "active": True,
            "trigger": "opened",
            "since": timezone.now() - timedelta(days=1),
            "member": author,
            "updated_at": timezone.now(),
            "actions": [[*one, *[""] * (3 - len(one))] for one in actions],
        }
        known |= fields
        known["conditions"] = [list(one) for one in known.get("conditions", ())]
        return Rule.objects.create(**known)

    return make


@pytest.fixture
def run(db: None):
    """Lets a worker that began before anything happened work all off."""
    now = timezone.now()
    Follower.objects.create(
        pk=1, position=journal.last(), looked_at=now, due_at=now - timedelta(minutes=1)
    )
    runner = Runner()

    def work() -> int:
        done = 0
        while count := runner.run_due():
            done += count
        return done

    return work


@pytest.fixture
def oracle(monkeypatch, tmp_path) -> Source:
    """A source whose channel accepts every answer and keeps a book of them."""
    install(monkeypatch)
    return source("oracle", settings={"book": str(tmp_path / "book")})

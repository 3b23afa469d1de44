"""Boards, ideas, visitors who came in by a link, and members."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from desk import member
from sori.change.ideas import likeness, services, taking_part
from sori.change.ideas.models import Audience, Board, Idea
from sori.change.ideas.taking_part import Actor
from sori.staff.models import Member, Role
from sori.understand.embedding import embedder
from wishers import person_named

Visitor = Callable[..., Actor]
Propose = Callable[..., Idea]


@pytest.fixture(autouse=True)
def _of_its_own(
    home: object, db: None, fresh_counts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    # the deep one takes seconds to load, and only tests of likeness care
    monkeypatch.setattr(likeness, "embedder", lambda _tier: embedder("fast"))


@pytest.fixture
def board() -> Board:
    """A public board on which what visitors write is shown at once."""
    return services.keep_board(member=None, name="서비스 개선", name_en="Service", moderated=False)


@pytest.fixture
def inside() -> Board:
    """A board for colleagues."""
    return services.keep_board(member=None, name="일하는 방식", audience=Audience.INTERNAL)


@pytest.fixture
def agent() -> Member:
    """A member who may moderate."""
    return member("서연", Role.AGENT)


@pytest.fixture
def visitor() -> Visitor:
    """Makes a visitor who has proved an address."""
    return person_named


@pytest.fixture
def propose(board: Board) -> Propose:
    """Writes an idea down; its author is a visitor of their own."""

    def write(title: str = "앱에서 요금제를 바꾸고 싶어요", body: str = "", **more: object) -> Idea:
        number = Idea.objects.count()
        actor = more.pop("actor", None) or person_named(f"author{number}")
        idea = taking_part.propose(
            actor=actor, board=more.pop("board", board), title=title, body=body,
            key=f"test-{number}", **more,
        )  # fmt: skip
        idea.refresh_from_db()
        return idea

    return write


@pytest.fixture
def stranger() -> Client:
    """Somebody from outside who reads Korean; forgeries are checked as in life."""
    return Client(headers={"accept-language": "ko"})

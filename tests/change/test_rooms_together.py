"""The rooms of Change know each other: ideas, initiatives, notices, chat windows."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from desk import member
from sori.change.ideas.models import Board, Idea, State, Status
from sori.change.initiatives import proof, services
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.notices.models import Notice
from sori.channels.chat import ChatSettings
from sori.errors import Refused
from sori.listen import memory
from sori.listen.models import Source
from sori.staff.models import Role
from sori.webchat.script import written

pytestmark = pytest.mark.django_db

MakeIdea = Callable[..., Idea]


@pytest.fixture
def make_idea(home) -> MakeIdea:
    """Writes an idea on a board for everybody."""

    def make(title: str, state: str = State.OPEN) -> Idea:
        board, _new = Board.objects.get_or_create(name="제안함")
        now = timezone.now()
        return Idea.objects.create(
            board=board,
            title=title,
            body="몸에 좋을 것 같아요",
            language="ko",
            state=state,
            key=title,
            created_at=now,
            changed_at=now,
        )

    return make


@pytest.fixture
def boss():
    return member("팀장", Role.SUPERVISOR)


def begun(boss, *ideas: Idea) -> Initiative:
    evidence = [(Evidence.Sort.IDEA, str(one.pk), "") for one in ideas]
    return services.begin(member=boss, title="밤 배송", evidence=evidence)


def test_ideas_go_the_way_of_the_initiative_they_speak_for(make_idea: MakeIdea, boss):
    idea = make_idea("밤에도 배송해 주세요")
    initiative = begun(boss, idea)
    services.decide(initiative=initiative, member=boss, decision="yes", reason="곧 할게요")
    services.move(initiative=initiative, member=boss, stage="doing")

    idea.refresh_from_db()
    assert (idea.status, idea.answer) == (Status.MAKING, "곧 할게요")


def test_an_idea_that_comes_later_catches_up(make_idea: MakeIdea, boss):
    initiative = begun(boss)
    services.decide(initiative=initiative, member=boss, decision="no", reason="기사님이 위험해요")
    idea = make_idea("새벽에도요")

    services.attach(initiative=initiative, member=boss, sort="idea", key=str(idea.pk))

    idea.refresh_from_db()
    assert (idea.status, idea.answer) == (Status.DECLINED, "기사님이 위험해요")


def test_an_idea_that_is_not_there_speaks_for_nothing(make_idea: MakeIdea, boss):
    with pytest.raises(Refused):
        services.begin(member=boss, title="x", evidence=[("idea", "99999", "")])


@pytest.mark.parametrize(("state", "seen"), [(State.OPEN, True), (State.WAITING, False)])
def test_an_idea_is_read_where_it_is_at_home(make_idea: MakeIdea, boss, state, seen):
    idea = make_idea("밤에도 배송해 주세요", state)
    pieces = list(begun(boss, idea).evidence.all())

    (shown,) = proof.shown(memory.reader(), pieces, private=False)

    assert (shown["title"] == "밤에도 배송해 주세요") is seen
    assert shown["hidden"] is not seen


def test_a_chat_window_begins_with_what_stands(home, boss):
    now = timezone.now()
    Notice.objects.create(
        title="문자 인증이 늦어요",
        what="30분까지 걸려요",
        places=[Notice.Place.WIDGET],
        state=Notice.State.APPROVED,
        created_by=boss,
        created_at=now,
        approved_by=boss,
        approved_at=now,
        shown_from=now,
    )
    source = Source(name="채팅", slug="chat", channel="chat")
    settings = ChatSettings(origins=["https://shop.example"], secret="x" * 40)

    script = written(source, settings)

    assert "문자 인증이 늦어요".encode("ascii", "backslashreplace").decode() in script

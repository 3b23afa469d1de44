"""What customers and colleagues of the demo company wish for, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.utils import timezone

from sori.change.ideas import families, index, moderating, services
from sori.change.ideas.hearing import CHANNEL
from sori.change.ideas.models import (
    Audience,
    Board,
    Comment,
    Idea,
    News,
    State,
    Status,
    Subscription,
    Vote,
)
from sori.people.models import Identity, Person
from sori.people.services import Account, identify
from sori.staff.models import Member, Role


class _Wish(NamedTuple):
    title: str
    body: str
    author: str
    votes: int
    days: int
    status: str = Status.NEW
    answer: str = ""
    comments: tuple[tuple[str, str], ...] = ()
    state: str = State.OPEN
    language: str = "ko"


_PUBLIC: Final = (
    _Wish(
        "요금제를 앱에서 바로 바꾸고 싶어요",
        "지금은 고객센터에 전화해야 해서 점심시간을 다 써요. 앱에서 비교해 보고 바꾸면 좋겠어요.",
        "바람개비", 41, 48, Status.MAKING,
        "다음 달 앱 업데이트에 담으려고 만들고 있습니다. 온라인 요금제부터 바꿀 수 있게 됩니다.",
        (
            ("초록우산", "가족 요금제도 같이 되면 좋겠어요."),
            ("", "가족 결합은 그다음 단계로 준비합니다."),
        ),
    ),
    _Wish(
        "남은 데이터를 가족에게 나눠 줄 수 있게 해 주세요",
        "아이는 늘 모자라고 저는 늘 남아요. 달마다 조금씩이라도 나눌 수 있으면 해요.",
        "두아이아빠", 33, 40, Status.PLANNED,
        "올해 하반기에 시작하기로 했습니다. 나눌 수 있는 양과 횟수를 정하는 중입니다.",
    ),
    _Wish(
        "장애가 나면 문자로 먼저 알려 주세요",
        "인터넷이 끊기면 우리 집 문제인지 동네 문제인지부터 알고 싶어요.",
        "산책길", 28, 30, Status.SHIPPED,
        "이제 30분 넘는 장애는 해당 지역 고객께 문자로 알려 드립니다. 의견 주셔서 고맙습니다.",
    ),
    _Wish(
        "앱에 어두운 화면 모드를 넣어 주세요",
        "밤에 요금 확인할 때 눈이 부셔요.",
        "야간근무", 19, 21, Status.REVIEW,
    ),
    _Wish("설치 기사님 도착 시간을 지도에서 보고 싶어요",
          "두 시간씩 기다리는 일이 줄어들 것 같아요.", "초록우산", 16, 12),
    _Wish("로밍 데이터가 얼마 남았는지 앱에서 보여 주세요",
          "해외에서는 문자로만 알 수 있어 불안해요.", "여행가방", 12, 9,
          comments=(("바람개비", "출국 전에 미리 예약도 되면 좋겠어요."),)),
    _Wish("다크 모드 지원해 주세요", "눈이 편했으면 해요.", "새벽달", 5, 6),
    _Wish("Send the bill as a PDF in English", "I need it for my company every month.",
          "Harper", 7, 15, language="en"),
    _Wish("약정이 끝난 뒤에도 처음 할인을 그대로 주세요", "오래 쓴 사람이 손해 보는 느낌이에요.",
          "십년고객", 22, 35, Status.DECLINED,
          "약정 없이 같은 할인을 드리면 다른 고객께 부담이 돌아가 어렵습니다. 대신 장기 고객께는"
          " 재약정 때 더 나은 조건을 먼저 안내해 드리겠습니다."),
    _Wish("고객센터 채팅 상담을 밤 10시까지 열어 주세요", "퇴근하고 나면 늘 끝나 있어요.",
          "여행가방", 0, 0, state=State.WAITING),
)  # fmt: skip
_INTERNAL: Final = (
    _Wish("상담 화면에서 설치 일정을 바로 볼 수 있게 해요",
          "지금은 다른 시스템을 열어야 해서 고객이 기다리십니다.", "seoyeon@sodam.example", 4, 20,
          Status.PLANNED, "설치·AS와 함께 3분기에 연결하기로 했습니다."),
    _Wish("자주 오는 환불 문의는 답변 예시를 모아 둡시다",
          "부서마다 말이 달라 고객이 헷갈려 하십니다.", "junhyeok@sodam.example", 3, 10),
)  # fmt: skip


def hold() -> None:
    """Two boards with a dozen ideas, votes, answers, a merge, and one that waits for a look."""
    if Board.objects.exists():
        return
    boss = Member.objects.filter(role=Role.ADMIN).order_by("pk")[0]
    public = services.keep_board(member=boss, name="서비스 개선", name_en="Service")
    internal = services.keep_board(
        member=boss, name="일하는 방식", name_en="How we work", audience=Audience.INTERNAL
    )
    authors = _authors()
    crowd = list(Person.objects.filter(merged_into=None).exclude(pk__in=authors.values())[:60])
    for wish in _PUBLIC:
        _write(public, wish, {"person_id": authors[wish.author]}, crowd, authors, boss)
    for wish in _INTERNAL:
        author = Member.objects.get(email=wish.author)
        _write(internal, wish, {"member": author}, [], authors, boss)
    dark = {one.title: one for one in Idea.objects.filter(board=public)}
    moderating.merge(
        idea=dark["다크 모드 지원해 주세요"], into=dark["앱에 어두운 화면 모드를 넣어 주세요"],
        member=boss,
    )  # fmt: skip


def _authors() -> dict[str, int]:
    """The persons of all who write, by what they call themselves."""
    names = {wish.author for wish in _PUBLIC}
    names |= {name for wish in _PUBLIC for name, _words in wish.comments if name}
    accounts = {
        name: Account(CHANNEL, f"portal{number}@customer.example", name, timezone.now())
        for number, name in enumerate(sorted(names), start=1)
    }
    found = identify(accounts.values())
    Identity.objects.filter(pk__in=[one.pk for one in found.values()]).update(verified=True)
    return {name: found[account.key].person_id for name, account in accounts.items()}


def _write(
    board: Board,
    wish: _Wish,
    author: dict[str, Any],
    crowd: Sequence[Person],
    authors: dict[str, int],
    boss: Member,
) -> None:
    at = timezone.now() - timedelta(days=wish.days, hours=3)
    idea = Idea(
        board=board, title=wish.title, body=wish.body, language=wish.language, state=wish.state,
        status=wish.status, answer=wish.answer, created_at=at, changed_at=at,
        key=f"demo-{board.pk}-{wish.title}"[:80], **author,
    )  # fmt: skip
    idea.save()  # its vector is made when somebody looks for what is alike
    index.remember(idea)
    Vote.objects.create(idea=idea, at=at, language=wish.language, **author)
    Subscription.objects.create(idea=idea, at=at, language=wish.language, **author)
    voters = _voters(wish, crowd)
    pause = timedelta(days=wish.days) / (len(voters) + 1)
    Vote.objects.bulk_create(
        Vote(idea=idea, at=at + pause * place, language="ko", **voter)
        for place, voter in enumerate(voters, start=1)
    )
    for place, (name, words) in enumerate(wish.comments, start=1):
        who: dict[str, Any] = {"person_id": authors[name]} if name else {"member": boss}
        said = at + timedelta(days=place)
        Comment.objects.create(idea=idea, body=words, at=said, state=State.OPEN, **who)
    if wish.status != Status.NEW:
        _tell(idea, wish, at + timedelta(days=wish.days) / 2, boss)
    families.recount([idea.pk])


def _voters(wish: _Wish, crowd: Sequence[Person]) -> list[dict[str, Any]]:
    """So many others as want it: customers of the demo, or colleagues."""
    if crowd:
        start = len(wish.title) % 7
        return [{"person": one} for one in crowd[start : start + wish.votes]]
    colleagues = Member.objects.exclude(email=wish.author).order_by("pk")
    return [{"member": one} for one in colleagues[: wish.votes]]


def _tell(idea: Idea, wish: _Wish, at: datetime, boss: Member) -> None:
    Idea.objects.filter(pk=idea.pk).update(answered_at=at)
    News.objects.create(idea=idea, status=wish.status, words=wish.answer, member=boss, at=at)

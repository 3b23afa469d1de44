"""What the demo company makes of its customers' voices: seven changes, each at another stage."""

from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.utils import timezone

from sori.change.initiatives import services
from sori.change.initiatives.describing import describe
from sori.change.initiatives.discussing import discuss
from sori.change.initiatives.models import Evidence, Initiative
from sori.demo.company import ADMINISTRATOR
from sori.respond.models import Message
from sori.staff.models import Department, Member

_CASES: Final = 6
_SENTENCES: Final = 2


class _Plan(NamedTuple):
    """One change: `ago` days ago somebody proposed it; `due` and `again` are days from today."""

    title: str
    summary: str
    word: str
    by: str
    owner: str
    department: str
    ago: int
    due: int | None = None
    decision: str = ""
    reason: str = ""
    again: int | None = None
    stage: str = ""
    told: bool = False
    said: str = ""


_PLANS: Final = (
    _Plan(
        "로밍 요금제를 출국 전에 앱에서 한 번에 신청하기",
        "공항에서 줄을 서거나 현지에서 급히 전화하는 고객이 많아요.",
        "로밍",
        "seoyeon",
        "",
        "요금·정산",
        ago=3,
    ),
    _Plan(
        "상담 대기 시간을 미리 알려 주기",
        "기다리는 것보다 얼마나 기다릴지 모르는 것이 더 힘들다고 하세요.",
        "상담",
        "seoyeon",
        "doyun",
        "고객지원",
        ago=12,
        due=25,
        stage="considered",
        said="@박도윤 님, 전화 안내 문구부터 바꾸면 이번 달 안에도 할 수 있을 것 같아요.",
    ),
    _Plan(
        "해지를 앱에서 끝까지 할 수 있게",
        "전화로만 되는 해지를 불편해하세요.",
        "해지",
        "junhyeok",
        "doyun",
        "고객지원",
        ago=30,
        decision="later",
        reason="본인 확인 방식을 먼저 바꿔야 해요. 새 본인 확인이 열리는 대로 다시 보겠습니다.",
        again=20,
        told=True,
    ),
    _Plan(
        "앱을 새로 고쳐도 로그인이 풀리지 않게",
        "업데이트 뒤에 로그인이 풀리고 인증번호를 다시 받는 일이 잦아요.",
        "로그인",
        "sua",
        "sua",
        "앱·디지털",
        ago=24,
        due=-2,
        decision="yes",
        reason="가장 많이 들은 불편이에요. 다음 업데이트에 넣겠습니다.",
        stage="doing",
        said="@정수아 님, 안드로이드는 끝났고 아이폰 심사만 남았죠?",
    ),
    _Plan(
        "청구서에 소액결제를 따로 보여 주기",
        "요금이 왜 늘었는지 청구서만 보고 알 수 있게 해요.",
        "소액결제",
        "junhyeok",
        "junhyeok",
        "요금·정산",
        ago=40,
        due=-6,
        decision="yes",
        reason="청구서를 보고도 이유를 모르면 결국 전화하시게 돼요.",
        stage="shipped",
    ),
    _Plan(
        "설치 기사님 방문 시각을 10분 단위로 약속하기",
        "",
        "방문",
        "minseo",
        "doyun",
        "설치·AS",
        ago=20,
        decision="no",
        reason="앞집 설치가 길어지면 지킬 수 없는 약속이 돼요. 대신 출발할 때 도착 예상 시각을"
        " 문자로 보내 드릴게요.",
    ),
    _Plan(
        "사칭 문자를 한 번에 신고하기",
        "신고 방법을 몰라 그냥 지우는 분이 많아요.",
        "스팸",
        "yejun",
        "yejun",
        "네트워크",
        ago=55,
        due=-20,
        decision="yes",
        reason="고객이 알려 주시면 하루 안에 막을 수 있어요.",
        stage="shipped",
        told=True,
    ),
)


def consider() -> None:
    """Let the company have seven initiatives, unless it has some."""
    if Initiative.objects.exists():
        return
    boss = Member.objects.get(email=ADMINISTRATOR)
    members = {one.email.partition("@")[0]: one for one in Member.objects.all()}
    for plan in _PLANS:
        row = services.begin(
            member=members[plan.by],
            title=plan.title,
            summary=plan.summary,
            evidence=_evidence(plan.word),
        )
        row = _lead(row, plan, boss, members.get(plan.owner))
        if plan.said:
            discuss(initiative=row, member=boss, body=plan.said)
        _date_back(row, plan)


def _lead(row: Initiative, plan: _Plan, boss: Member, owner: Member | None) -> Initiative:
    today = timezone.localdate()
    row = describe(
        initiative=row,
        member=boss,
        title=row.title,
        summary=row.summary,
        owner=owner,
        department=Department.objects.get(name=plan.department),
        due_on=None if plan.due is None else today + timedelta(days=plan.due),
    )
    if plan.decision:
        day = None if plan.again is None else today + timedelta(days=plan.again)
        row = services.decide(
            initiative=row,
            member=boss,
            decision=plan.decision,
            reason=plan.reason,
            review_on=day,
        )
    if plan.stage:
        row = services.move(initiative=row, member=boss, stage=plan.stage)
    return services.mark_told(row) if plan.told else row


def _evidence(word: str) -> list[tuple[str, str, str]]:
    """The newest cases in which a word was said, and some sentences of theirs."""
    said = Message.objects.filter(
        direction=Message.Direction.IN, body__contains=word, mention__isnull=False
    )
    rows = said.order_by("-at").values_list("conversation__case", "mention", "body")[:40]
    cases = list(dict.fromkeys(str(case) for case, _mention, _body in rows))[:_CASES]
    sentences = [(Evidence.Sort.MENTION.value, str(mention), body) for _case, mention, body in rows]
    return [(Evidence.Sort.CASE.value, case, "") for case in cases] + sentences[:_SENTENCES]


def _date_back(row: Initiative, plan: _Plan) -> None:
    """It was proposed, decided and made over some weeks, not while the demo was loaded."""
    begun = timezone.now() - timedelta(days=plan.ago)
    decided = begun + timedelta(days=plan.ago * 0.25)
    shipped = begun + timedelta(days=plan.ago * 0.8)
    told = begun + timedelta(days=plan.ago * 0.9)
    moments: dict[str, Any] = {"created_at": begun, "moved_at": begun}
    for name, at in (("decided_at", decided), ("shipped_at", shipped), ("told_at", told)):
        if getattr(row, name) is not None:
            moments |= {name: at, "moved_at": at}
    Initiative.objects.filter(pk=row.pk).update(**moments)

"""Who works at the demo company, by which hours, and where it listens."""

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from sori.listen.models import Query, Source
from sori.listen.services import add_source
from sori.respond.clock_models import Calendar
from sori.respond.policies import save_calendar, save_policy
from sori.staff.models import Department, Member, Role

DAYS: Final = 60
ADMINISTRATOR: Final = "admin@sodam.example"

_DEPARTMENTS: Final = ("고객지원", "네트워크", "요금·정산", "앱·디지털", "설치·AS")
_MEMBERS: Final = (
    ("한지민", ADMINISTRATOR, Role.ADMIN, "고객지원", "고객의 말 옆에 있겠습니다."),
    ("박도윤", "doyun@sodam.example", Role.SUPERVISOR, "고객지원", "끝까지 챙기는 사람."),
    ("이서연", "seoyeon@sodam.example", Role.AGENT, "고객지원", "어려운 말을 쉽게 풀어 드려요."),
    ("최준혁", "junhyeok@sodam.example", Role.AGENT, "요금·정산", "청구서는 제게 물어보세요."),
    ("정수아", "sua@sodam.example", Role.AGENT, "앱·디지털", "앱을 만들고 고칩니다."),
    ("윤예준", "yejun@sodam.example", Role.CONTRIBUTOR, "네트워크", "기지국을 돌봅니다."),
    ("강민서", "minseo@sodam.example", Role.VIEWER, "설치·AS", "현장에서 배웁니다."),
    ("오태윤", "taeyun@sodam.example", Role.AUDITOR, "요금·정산", "기록을 봅니다."),
)
_SOURCES: Final = (
    ("고객지원 메일", "email", 4.2, "고객지원"),
    ("홈페이지 문의", "webform", 3.0, "고객지원"),
    ("블로그·카페", "rss", 195.0, "네트워크"),
    ("앱 리뷰", "files", 110.0, "앱·디지털"),
)
_QUERIES: Final = (
    ("통신 장애", '끊* OR "안 터" OR 먹통 OR "서비스 없음" OR 기지국', "네트워크"),
    ("로그인 오류", "로그인 OR 인증번호 OR 본인인증 OR (앱 AND (튕* OR 오류))", "앱·디지털"),
    ("요금·청구", "요금 OR 청구 OR 자동이체 OR 소액결제", "요금·정산"),
    ("환불·보상", "환불 OR 보상 OR 돌려주* OR refund", "요금·정산"),
    ("상담 대기", "(상담 OR 고객센터) NEAR/6 (대기 OR 기다* OR 연결)", "고객지원"),
    ("해지·번호이동", "해지 OR 번호이동 OR 위약금", "고객지원"),
    ("설치·방문", "(설치 OR 방문 OR 기사님) NOT 감사", "설치·AS"),
    ("로밍", "로밍 OR roaming", "요금·정산"),
    ("스팸·사칭", "스팸 OR 사칭 OR 개인정보", "네트워크"),
    ("브랜드", "소담텔레콤 OR 소담", "고객지원"),
)


def found() -> None:
    """Departments, members and listening rules."""
    departments = {name: Department.objects.get_or_create(name=name)[0] for name in _DEPARTMENTS}
    for name, email, role, department, about in _MEMBERS:
        if not Member.objects.filter(email=email).exists():
            Member.objects.create_user(
                email, name=name, role=role, department=departments[department], about=about
            )
    for name, expression, department in _QUERIES:
        Query.objects.get_or_create(
            name=name,
            defaults={"expression": expression, "department": departments[department]},
        )


def keep_hours() -> None:
    """One department keeps office hours; the others answer day and night."""
    if Calendar.objects.exists():
        return
    boss = Member.objects.filter(role=Role.ADMIN).order_by("pk")[0]
    day = [[9 * 60, 12 * 60], [13 * 60, 18 * 60]]
    week = {"zone": "Asia/Seoul", "week": [day] * 5 + [[], []], "country": "KR", "days": []}
    calendar = save_calendar(calendar=None, member=boss, fields={"name": "사무실", **week})
    save_policy(
        policy=None,
        member=boss,
        name="요금·정산은 업무 시간에",
        department=Department.objects.get(name="요금·정산"),
        calendar=calendar,
        first_due=120,
        first_limit=240,
    )


def sources() -> list[Source]:
    """Where it listens; each speaks for sixty days up to now, and goes on."""
    now = timezone.now()
    today = now.astimezone(ZoneInfo("Asia/Seoul")).date()
    for name, speaks_as, voices, department in _SOURCES:
        if Source.objects.filter(name=name).exists():
            continue
        add_source(
            name=name,
            channel="demo",
            settings={
                "speaks_as": speaks_as,
                "voices": voices,
                "since": (today - timedelta(days=DAYS)).isoformat(),
                "anchor": today.isoformat(),
                "lively_since": now.isoformat(),
                "outbox": str(settings.HOME / "demo-outbox.jsonl"),
            },
            interval=10,
            department=Department.objects.get(name=department),
        )
    if not Source.objects.filter(channel="calllog").exists():
        place = Department.objects.get(name="고객지원")
        add_source(name="전화·방문", channel="calllog", settings={}, department=place)
    return list(Source.objects.filter(channel="demo"))

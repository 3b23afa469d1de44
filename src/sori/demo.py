"""Set up the demo company, Sodam Telecom: invented departments, members, sources, rules, history.

Its voices come through the same door as everybody's (`channels.demo`); only the answers that its
desk gave in the past are written down here.
"""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from sori import flow
from sori.articles import examples
from sori.automation.deciding import Action, Condition
from sori.automation.editing import Script
from sori.automation.models import Macro, Rule
from sori.automation.services import save_macro, save_rule, switch
from sori.journal.models import Event
from sori.journal.services import record
from sori.listen.models import Query, Source
from sori.listen.services import add_source
from sori.respond import saved_replies
from sori.respond.clock_models import Calendar
from sori.respond.models import Case, Message, SavedReply, Tag
from sori.respond.policies import save_calendar, save_policy
from sori.respond.selectors import UNSETTLED
from sori.respond.services import assign, mark_read, remember_answer, resolve, write_note
from sori.respond.tagging import make, put_on
from sori.staff.models import Department, Member, Role

Progress = Callable[[str, int, int], None]

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
_ANSWERS: Final = {
    "complaint": (
        "{name} 고객님, 불편을 드려 죄송합니다. 말씀하신 내용을 확인해 바로 조치했습니다."
        " 같은 일이 또 생기면 여기에 그대로 답장해 주세요. {member} 드림",
        "{name} 고객님, 알려 주셔서 고맙습니다. 담당 부서에 전달했고,"
        " 결과는 제가 직접 다시 알려 드리겠습니다. {member} 드림",
        "{name} 고객님, 기다리게 해 드려 죄송합니다. 확인해 보니 저희 실수였고,"
        " 오늘 안에 바로잡겠습니다. {member} 드림",
    ),
    "question": (
        "{name} 고객님, 문의하신 내용 확인했습니다. 앱의 [내 정보]에서 바로 바꾸실 수 있고,"
        " 어려우시면 제가 도와드릴게요. {member} 드림",
        "{name} 고객님, 네, 가능합니다. 필요한 것은 제가 미리 준비해 두었으니"
        " 편하실 때 답장만 주세요. {member} 드림",
    ),
    "idea": (
        "{name} 고객님, 좋은 제안 고맙습니다. 담당 부서와 함께 검토하고,"
        " 결정되면 어느 쪽이든 알려 드리겠습니다. {member} 드림",
    ),
    "praise": ("{name} 고객님, 따뜻한 말씀 감사합니다. 담당자에게 꼭 전하겠습니다. {member} 드림",),
    "": ("{name} 고객님, 말씀 잘 읽었습니다. 더 도와드릴 일이 있으면 알려 주세요. {member} 드림",),
}
_Line = tuple[str, ...]
_TAGS: Final = (
    ("VIP", "purple"),
    ("환불", "amber"),
    ("해지 위험", "red"),
    ("장애", "blue"),
    ("사진 요청", "grey"),
)
_REPLIES: Final = (
    (
        "사진 요청",
        "{고객} 님, 안녕하세요. 소담텔레콤 {나}입니다. 더 정확히 확인할 수 있도록"
        " 해당 화면을 찍은 사진을 이 메시지에 답장으로 보내 주시겠어요?",
    ),
)
_MACROS: Final[tuple[tuple[str, tuple[_Line, ...]], ...]] = (
    (
        "요금팀에 넘기기",
        (
            ("department", "place:요금·정산"),
            ("add_tag", "tag:환불"),
            ("note", "", "{customer} 님 요금 건입니다. 청구 이력부터 확인해 주세요."),
        ),
    ),
    (
        "사진 요청하고 기다리기",
        (("add_tag", "tag:사진 요청"), ("draft", "reply:사진 요청"), ("status", "pending")),
    ),
)
_RULES: Final[tuple[tuple[bool, str, str, tuple[_Line, ...], tuple[_Line, ...]], ...]] = (
    (
        True,
        "해지를 말하면 먼저 보기",
        "opened",
        (("text", "contains", "해지 OR 번호이동 OR 위약금"),),
        (("add_tag", "tag:해지 위험"), ("priority", "15")),
    ),
    (
        True,
        "환불 이야기는 요금·정산으로",
        "opened",
        (("text", "contains", "환불 OR 보상 OR 돌려주*"), ("kind", "is_not", "praise")),
        (("add_tag", "tag:환불"), ("department", "place:요금·정산")),
    ),
    (
        False,
        "하루 넘게 멈춘 불만 알리기",
        "idle",
        (("kind", "is", "complaint"), ("owner", "is_not", "none")),
        (("tell_department", "place:고객지원", "하루 넘게 아무도 손대지 않았어요"),),
    ),
)
_NOTES: Final = (
    "같은 지역 문의가 몇 건 더 있어요. 네트워크팀에 점검 요청했습니다.",
    "지난달에도 같은 내용으로 연락하신 분입니다. 청구 이력 확인 후 답변해 주세요.",
    "앱팀 답: 다음 업데이트에서 고칩니다. 그때 다시 알려 드리기로 했어요.",
)


def loaded() -> bool:
    """Whether the demo company is here already, whole."""
    return Event.objects.filter(kind="demo.loaded").exists()


def begun() -> bool:
    """Whether loading it was begun here."""
    return Source.objects.filter(channel="demo").exists()


def load(progress: Progress) -> None:
    """Make the company and let its customers speak for sixty days; harmless to repeat.

    Args:
        progress: told (what, done, total) from time to time.
    """
    _company()
    _hours()
    examples.load(Member.objects.get(email=ADMINISTRATOR))
    sources = _sources()
    for number, source in enumerate(sources):
        progress("Listening", number, len(sources))
        flow.turn(source)
    progress("Listening", len(sources), len(sources))
    flow.receive()
    _answer_the_past(progress)
    _automate()
    record("demo.loaded", "demo:1")


def _company() -> None:
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


def _hours() -> None:
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


def _sources() -> list[Source]:
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
    return list(Source.objects.filter(channel="demo"))


def _automate() -> None:
    """Tags, a saved reply, macros and rules; the rules act on what is said from now on."""
    author = Member.objects.get(email="doyun@sodam.example")
    tags = {name: make(name=name, member=author, colour=colour) for name, colour in _TAGS}
    ids = {f"tag:{name}": str(tag.pk) for name, tag in tags.items()}
    ids |= {f"place:{one.name}": str(one.pk) for one in Department.objects.all()}
    for title, body in _REPLIES:
        reply = SavedReply.objects.filter(title=title).first()
        reply = reply or saved_replies.save(member=author, title=title, body=body)
        ids[f"reply:{title}"] = str(reply.pk)

    def line(one: _Line) -> _Line:
        return tuple(ids.get(word, word) for word in one)

    for name, actions in _MACROS:
        if not Macro.objects.filter(name=name).exists():
            script = Script(name=name, actions=[Action(*line(one)) for one in actions])
            save_macro(macro=None, script=script, department=None, member=author)
    for on, name, trigger, conditions, actions in _RULES:
        if Rule.objects.filter(name=name).exists():
            continue
        script = Script(name=name, trigger=trigger)
        script.conditions = [Condition(*line(one)) for one in conditions]
        script.actions = [Action(*line(one)) for one in actions]
        rule = save_rule(rule=None, script=script, member=author)
        if on:
            switch(rule=rule, on=True, member=author)
    _tag_what_is_open(tags, author)


def _tag_what_is_open(tags: Mapping[str, Tag], author: Member) -> None:
    """Some of what waits carries a tag already."""
    waiting = Case.objects.filter(status__in=UNSETTLED).order_by("-updated_at", "-pk")
    for name, words in (("환불", "환불"), ("해지 위험", "해지"), ("장애", "끊")):
        for case in waiting.filter(excerpt__contains=words)[:6]:
            put_on(case=case.pk, tag=tags[name], member=author)


def _answer_the_past(progress: Progress) -> None:
    """Let the desk have answered all but the newest cases, some of them late."""
    dice = random.Random("desk")  # noqa: S311 (a story, not a secret)
    agents = list(Member.objects.filter(role__in=[Role.AGENT, Role.SUPERVISOR, Role.ADMIN]))
    cases = list(Case.objects.filter(status=Case.Status.NEW).order_by("opened_at"))
    for number, case in enumerate(cases):
        progress("Answering", number, len(cases))
        age = timezone.now() - case.opened_at
        if age > timedelta(hours=20) or (age > timedelta(hours=1) and dice.random() < 0.75):
            _answer(case, dice.choice(agents), dice)
        elif dice.random() < 0.6:
            assign(case=case.pk, member=agents[0], owner=dice.choice(agents))
        if dice.random() < 0.06:
            write_note(case=case.pk, member=dice.choice(agents), body=dice.choice(_NOTES))
    progress("Answering", len(cases), len(cases))
    _date_back()


def _date_back() -> None:
    """A case was last touched when somebody last spoke in it, not while the demo was loaded."""
    newest = Message.objects.filter(conversation__case=OuterRef("pk")).order_by("-at").values("at")
    Case.objects.update(updated_at=Subquery(newest[:1]))


def _answer(case: Case, agent: Member, dice: random.Random) -> None:
    messages = Message.objects.filter(
        conversation__case=case, direction=Message.Direction.IN
    ).select_related("conversation__identity")
    for message in messages.order_by("at"):
        name = message.conversation.identity.name or "고객"
        words = dice.choice(_ANSWERS.get(case.kind, _ANSWERS[""]))
        body = words.format(name=name, member=agent.name)
        at = min(message.at + _delay(dice), timezone.now())
        remember_answer(answers=message.pk, member=agent, body=body, at=at)
    assign(case=case.pk, member=agent, owner=agent)
    mark_read(case=case.pk, member=agent)
    if dice.random() < 0.92:
        resolve(case=case.pk, member=agent)


def _delay(dice: random.Random) -> timedelta:
    # a median of 34 minutes, one in ten beyond two hours
    return timedelta(minutes=min(dice.lognormvariate(3.5, 0.95), 1500))

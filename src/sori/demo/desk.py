"""What the demo company's desk did in sixty days, and what it asks others now."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from sori.demo.company import ADMINISTRATOR
from sori.respond.models import Case, Message
from sori.respond.selectors import UNSETTLED
from sori.respond.services import assign, mark_read, remember_answer, resolve, write_note
from sori.staff.models import Department, Member, Role
from sori.teamwork import services as teamwork
from sori.teamwork.models import Task

Progress = Callable[[str, int, int], None]

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
_NOTES: Final = (
    "같은 지역 문의가 몇 건 더 있어요. 네트워크팀에 점검 요청했습니다.",
    "지난달에도 같은 내용으로 연락하신 분입니다. 청구 이력 확인 후 답변해 주세요.",
    "앱팀 답: 다음 업데이트에서 고칩니다. 그때 다시 알려 드리기로 했어요.",
)
_REQUESTS: Final = (
    ("네트워크", "이 지역 기지국 점검 일정이 있나요? 고객이 언제 되는지 물어요."),
    ("요금·정산", "이중 청구가 맞는지 청구 이력을 봐 주세요."),
    ("앱·디지털", "앱 오류로 보여요. 언제 고쳐지는지 알려 주세요."),
)
_REPLY: Final = "오늘 밤 점검합니다. 내일 오전 9시부터 정상이라고 안내해 주세요."


def answer_the_past(progress: Progress) -> None:
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


def ask_around() -> None:
    """Some cases wait for another department; one has been answered already."""
    if Task.objects.exists():
        return
    asker = Member.objects.get(email="seoyeon@sodam.example")
    boss = Member.objects.get(email=ADMINISTRATOR)
    cases = Case.objects.filter(status__in=UNSETTLED).order_by("-updated_at", "-pk")[1:4]
    for case, (place, words) in zip(cases, _REQUESTS, strict=False):
        department = Department.objects.get(name=place)
        task = teamwork.ask(case=case.pk, member=asker, department=department, words=words)
        if place == "네트워크":
            teamwork.answer(task=task.pk, member=boss, words=_REPLY)

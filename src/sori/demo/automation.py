"""What the demo company's desk does by itself or with one key: tags, macros, rules."""

from collections.abc import Mapping
from typing import Final

from sori.automation.deciding import Action, Condition
from sori.automation.editing import Script
from sori.automation.models import Macro, Rule
from sori.automation.services import save_macro, save_rule, switch
from sori.respond import saved_replies
from sori.respond.models import Case, SavedReply, Tag
from sori.respond.selectors import UNSETTLED
from sori.respond.tagging import make, put_on
from sori.staff.models import Department, Member

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


def write() -> None:
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

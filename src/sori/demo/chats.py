"""The chat on the demo company's pages, and two people who sit at it."""

from typing import Final

from sori.listen.models import Source
from sori.listen.services import add_source
from sori.staff.models import Department
from sori.webchat.models import Visitor
from sori.webchat.services import begin, leave_mail, say

_NAME: Final = "홈페이지 채팅"
_SAID: Final = (
    ("", "요금제 바꾸면 이번 달 요금은 어떻게 되나요?", "지금 5G 라이트 쓰고 있어요."),
    (
        "rain@customer.example",
        "어제부터 거실 와이파이가 자꾸 끊겨요. 공유기를 껐다 켜도 그대로예요.",
    ),
)


def source() -> Source:
    """The chat; no site may show it, so it is seen in its preview."""
    found = Source.objects.filter(channel="chat").first()
    return found or add_source(
        name=_NAME,
        channel="chat",
        settings={
            "heading": "소담텔레콤",
            "hours": "평일 9시–18시에는 바로, 그 밖에는 다음 날 답해 드려요",
            "greeting_ko": "안녕하세요, 소담텔레콤입니다. 무엇을 도와드릴까요?",
        },
        department=Department.objects.get(name="고객지원"),
    )


def talk() -> Source:
    """Two visitors have just written; harmless to repeat."""
    chat = source()
    if not Visitor.objects.filter(source=chat).exists():
        for mail, *words in _SAID:
            visitor = begin(source=chat, language="ko")
            if mail:
                leave_mail(visitor=visitor, email=mail)
            for number, text in enumerate(words):
                say(visitor=visitor, key=f"demo-{number:04}", text=text)
    return chat

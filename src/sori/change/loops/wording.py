"""The words of a notice: a personal first line, the text, and a short form for narrow channels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sori.respond.blanks import Blanks

LANGUAGES: Final = ("ko", "en")
LONG: Final = "long"
SHORT: Final = "short"

BLANKS: Final = Blanks(
    {
        "고객": "customer",
        "나": "me",
        "날짜": "when",
        "말씀": "words",
        "과제": "title",
        "이유": "reason",
        "customer": "customer",
        "me": "me",
        "when": "when",
        "words": "words",
        "title": "title",
        "reason": "reason",
    }
)


@dataclass(frozen=True)
class Text:
    """What is said in one language.

    Attributes:
        opening: the personal first line.
        body: the rest.
        short: all of it for a channel with little room; may be empty.
    """

    opening: str = ""
    body: str = ""
    short: str = ""

    def of(self, size: str) -> str:
        """The text of a size: SHORT, or LONG with its first line above it."""
        if size == SHORT:
            return self.short.strip()
        return "\n\n".join(part for part in (self.opening.strip(), self.body.strip()) if part)


def language_of(code: str, texts: Mapping[str, Text]) -> str:
    """In which language somebody is told: theirs where there is a text, else the first there is."""
    wanted = "en" if code not in {"", "ko"} else "ko"
    written = [one for one in LANGUAGES if texts.get(one, Text()).body.strip()]
    return wanted if wanted in written else next(iter(written), LANGUAGES[0])


SHIPPED: Final[Mapping[str, Text]] = {
    "ko": Text(
        "{고객}님, {날짜}에 “{말씀}”라고 말씀해 주셨지요.",
        "말씀해 주신 대로 바꿨습니다: {과제}\n\n덕분에 더 나아졌습니다. 고맙습니다.\n{나} 드림",
        "{고객}님, 말씀해 주신 대로 바꿨습니다: {과제}. 고맙습니다!",
    ),
    "en": Text(
        "Dear {customer}, on {when} you told us: “{words}”",
        "We listened, and it is there now: {title}\n\nThank you, you made it better.\n{me}",
        "{customer}, you told us and we changed it: {title}. Thank you!",
    ),
}
"""What a member begins with when something was shipped."""

DECLINED: Final[Mapping[str, Text]] = {
    "ko": Text(
        "{고객}님, {날짜}에 “{말씀}”라고 말씀해 주셨지요.",
        "여러 부서가 함께 살펴봤지만, 이번에는 하지 않기로 했습니다: {과제}\n\n{이유}\n\n"
        "바라신 답이 아니어서 죄송합니다. 말씀은 계속 귀 기울여 듣겠습니다.\n{나} 드림",
        "{고객}님, {과제}: 살펴봤지만 이번에는 하지 않기로 했습니다. 말씀 고맙습니다.",
    ),
    "en": Text(
        "Dear {customer}, on {when} you told us: “{words}”",
        "We looked into it together and decided not to do it for now: {title}\n\n{reason}\n\n"
        "We are sorry that this is not the answer you hoped for. Please keep telling us.\n{me}",
        "{customer}, {title}: we looked into it and will not do it for now. Thank you.",
    ),
}
"""What a member begins with when it was declined."""

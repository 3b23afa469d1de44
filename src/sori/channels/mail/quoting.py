"""The new words of an answer, without the mail it answers.

Own rules for what Korean mail programs write come first, then the library's. Nothing is cut from a
mail that forwards another, nor one that would be left empty.
"""

import re
from collections.abc import Sequence
from typing import Final

LONGEST_FOR_LIBRARY: Final = 3_000
LANGUAGES: Final = ("ko", "en", "ja")

QUOTE: Final = re.compile(r"\s{0,3}[>|]")
FORWARD: Final = re.compile(
    r"(?i)[-=_\s*]{0,20}(?:forwarded message|begin forwarded message|전달된 메시지|전달된 메일|"
    r"forwarded by|original message \(forwarded\))[-=_\s*:]{0,20}$"
)
FORWARD_SUBJECT: Final = re.compile(r"(?i)\s*(?:fwd?|전달)\s*[:：]|\s*\[(?:fwd?|전달)\]")
RULE: Final = re.compile(
    r"(?i)\s*[-_=*]{3,20}\s*\[?\s?(?:original message|original mail|reply message|원본\s?메시지|"
    r"원본\s?메세지|원본\s?(?:이)?메일|원문\s?메시지|원본|元のメッセージ)\s?\]?\s*[-_=*]{3,20}\s*$"
)
WROTE: Final = (
    re.compile(
        r"\s*\d{4}[년.] ?\d{1,2}[월.] ?\d{1,2}[일.].{0,300}"
        r"(?:님이|님께서)?\s?작성(?:하였습니다|했습니다)?\s?:\s*$"
    ),
    re.compile(r"\s*\d{4}년 ?\d{1,2}월 ?\d{1,2}일.{0,300}(?:wrote|씀|보냄)\s?:\s*$"),
    re.compile(r"\s*(?:\d{2}|\d{4})[-.] ?\d{1,2}[-.] ?\d{1,2}.{0,300}이\(가\) ?쓴 글\s?:\s*$"),
    re.compile(r"(?i)\s*On .{4,300} wrote\s?:\s*$"),
    re.compile(r"\s*\d{4}年 ?\d{1,2}月 ?\d{1,2}日.{0,300}[:：]\s*$"),
    re.compile(
        r"(?i)\s*\d{4}-\d{1,2}-\d{1,2} .{0,200}<[^<>\s]{3,200}>\s?(?:님이 )?(?:작성|wrote)?\s?:\s*$"
    ),
)
WROTE_STARTS: Final = re.compile(r"\s*(?:\d{4}[년年.]|\d{4}-\d|\d{2}\. ?\d|On )")
DEVICE: Final = (
    r"(?:iphone|ipad|galaxy|갤럭시|삼성|samsung|android|안드로이드|스마트폰|휴대 ?전화|휴대폰"
    r"|모바일)"
)
SENT_FROM: Final = re.compile(
    rf"(?i)\s*(?:(?:나의|내|제)?\s?{DEVICE}[ \w]{{0,20}}에서 ?(?:보냄|보냈습니다|보낸 메일입니다)"
    r"|(?:모바일 )?(?:네이버|다음|카카오|지메일|naver|daum|kakao|gmail) ?메일(?: ?앱)?에서 ?"
    r"(?:보냄|보냈습니다|보낸 메일입니다)"
    r"|(?:ios|android|mac|windows)용 ?(?:outlook|메일).{0,12}(?:다운로드|받기|보냄)"
    rf"|sent (?:from|via) (?:my |the )?(?:{DEVICE}|outlook|mail for windows|yahoo mail)"
    r"[ \w]{0,30}"
    r"|get outlook for (?:ios|android|mac))\.?\s*(?:<[^<>\s]{1,200}>)?\s*$"
)
"""What telephones and programs add below; a sentence of a person ends otherwise."""

FIELD: Final = re.compile(
    r"(?i)\s*[*_]{0,2}\s*(?:(보낸 ?사람|보낸 ?이|발신|from|差出人)|"
    r"(보낸 ?날짜|날짜|받는 ?사람|받는 ?이|수신|참조|제목|"
    r"sent|date|to|cc|subject|宛先|件名|送信日時))"
    r"\s*[*_]{0,2}\s*[:：]"
)


def new_words(text: str, subject: str = "") -> str:
    """What the sender wrote now.

    Args:
        text: the whole text of the mail; quoted HTML blocks marked with "> ".
        subject: tells whether the mail forwards another.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if FORWARD_SUBJECT.match(subject) or any(FORWARD.match(line[:120]) for line in lines):
        return text.strip()
    kept = "\n".join(_unsigned(_unquoted(lines))).strip()
    if kept and len(kept) <= LONGEST_FOR_LIBRARY:
        kept = _by_library(kept) or kept
    return kept or text.strip()


def _unquoted(lines: Sequence[str]) -> list[str]:
    for at, line in enumerate(lines):
        if RULE.match(line[:200]) or _is_header_block(lines, at):
            return _plain(_without_rule(lines[:at]))
        length = _wrote(lines, at)
        if length:
            return _plain(lines[:at]) + _answers_below(lines[at + length :])
    return _plain(lines)


def _unsigned(lines: Sequence[str]) -> Sequence[str]:
    """Lines without what a telephone added below them, after an empty line."""
    written = [at for at, line in enumerate(lines) if line.strip()]
    if len(written) < 2 or not SENT_FROM.match(lines[written[-1]][:300]):
        return lines
    return lines[: written[-1]] if written[-1] > written[-2] + 1 else lines


def _plain(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if not QUOTE.match(line)]


def _without_rule(lines: Sequence[str]) -> Sequence[str]:
    """Lines without the stroke that Outlook draws above what it quotes."""
    end = len(lines)
    while end and not lines[end - 1].strip(" _-*\t"):
        end -= 1
    return lines[:end]


def _answers_below(quoted: Sequence[str]) -> list[str]:
    """What was written between or under quoted lines; nothing when the quote bears no marks."""
    if not any(QUOTE.match(line) for line in quoted):
        return []
    return _plain(quoted)


def _wrote(lines: Sequence[str], at: int) -> int:
    """How many lines "On ..., somebody wrote:" takes here: none to three."""
    if not WROTE_STARTS.match(lines[at][:40]):
        return 0
    for length in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[at : at + length])[:700]
        if any(wrote.match(joined) for wrote in WROTE):
            return length
    return 0


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """Whether the head of a quoted mail begins here: who, and two more of when, whom and what."""
    first = FIELD.match(lines[at][:60])
    if not (first and first[1]):
        return False
    fields = (FIELD.match(line[:60]) for line in lines[at + 1 : at + 8])
    return sum(bool(found and found[2]) for found in fields) >= 2


def _by_library(text: str) -> str:
    """What the library makes of a text; only of a short one, for its patterns are slow.

    Its time grows with the square of the length on hostile texts.
    """
    from mailparser_reply import EmailReplyParser

    kept = EmailReplyParser(languages=list(LANGUAGES)).parse_reply(text=text)
    return (kept or "").strip()

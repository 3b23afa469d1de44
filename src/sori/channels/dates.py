"""Reading a moment out of whatever a file or a feed calls a date, Korean forms first."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo

LONGEST: Final = 80
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
SECONDS: Final = 1e8  # 1973; a smaller number is something else
MILLISECONDS: Final = 1e11  # as seconds this would be the year 5138

FORM: Final = re.compile(
    r"""
    (?P<year>\d{4}|\d{2}(?=\s*[.년])) \s*[-./년]\s*
    (?P<month>\d{1,2})                \s*[-./월]\s*
    (?P<day>\d{1,2})                  \s*[.일]?
    \s* (?: \( [^()]{1,4} \) | [월화수목금토일]요일 )? [\s,T]*
    (?:
        (?P<before>오전|오후|[AaPp]\.?[Mm]\.?)? \s*
        (?P<hour>\d{1,2})                       \s*[:시]\s*
        (?: (?P<minute>\d{1,2})                 \s*[:분]?\s* )?
        (?: (?P<second>\d{1,2}) (?:\.\d+)?      \s*초?\s* )?
        (?P<after>오전|오후|[AaPp]\.?[Mm]\.?)?
    )?
    """,
    re.VERBOSE,
)
DIGITS: Final = re.compile(r"\d{12}|\d{14}")
KOREAN_TIME: Final = re.compile(r"\s*(?:KST|한국시간|\(KST\))\s*$")
NUMBER: Final = re.compile(r"\d{9,13}(?:\.\d+)?")


def instant(value: object, zone: tzinfo) -> datetime | None:
    """The moment a value means, in UTC; None where it means none between 1970 and 2200.

    Understands ISO 8601, RFC 2822, Unix time in seconds or milliseconds, and forms such as
    `2026.11.22`, `2026년 11월 22일 (일) 오후 3:20`, `26.11.22 15시 20분`, `20261122152000`.

    Args:
        value: text, a number, a date or a datetime.
        zone: where the clock hangs that a date without a zone was read from.
    """
    try:
        found = _read(value, zone)
        found = found.astimezone(UTC) if found else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if found and EARLIEST <= found < LATEST else None


def _read(value: object, zone: tzinfo) -> datetime | None:
    if isinstance(value, datetime):
        return _placed(value, zone)
    if isinstance(value, date):
        return datetime.combine(value, time(), zone)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _unix(float(value))
    if isinstance(value, str) and 0 < len(value) <= LONGEST:
        return _text(value.strip(), zone)
    return None


def _text(text: str, zone: tzinfo) -> datetime | None:
    try:
        return _placed(datetime.fromisoformat(text), zone)
    except ValueError:
        pass  # the common form is tried first because it is forty times faster
    bare = KOREAN_TIME.sub("", text)
    if bare != text:
        zone, text = ZoneInfo("Asia/Seoul"), bare
    if form := FORM.fullmatch(text):
        return _from_form(form, zone)
    if DIGITS.fullmatch(text):
        return datetime.strptime(text.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=zone)
    if NUMBER.fullmatch(text):
        return _unix(float(text))
    return _placed(parsedate_to_datetime(text), zone)


def _from_form(form: re.Match[str], zone: tzinfo) -> datetime:
    year = int(form["year"])
    hour = int(form["hour"] or 0)
    half = (form["before"] or form["after"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "오후" or half.startswith("p") else 0)
    return datetime(
        year + 2000 if year < 100 else year,
        int(form["month"]),
        int(form["day"]),
        hour,
        int(form["minute"] or 0),
        int(form["second"] or 0),
        tzinfo=zone,
    )


def _unix(seconds: float) -> datetime | None:
    if seconds < SECONDS:
        return None
    return datetime.fromtimestamp(seconds / 1000 if seconds > MILLISECONDS else seconds, UTC)


def _placed(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)

"""Which column of a row is what: rows of any file made into mentions."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

import msgspec

from sori.channels.contract import Listener
from sori.channels.dates import instant
from sori.channels.unfit import Unfit
from sori.errors import ChannelError

USUAL_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    ours: tuple(names.split())
    for ours, names in {
        "text": "text content body message comment review "
        "내용 본문 문의내용 상담내용 통화내용 상담메모 의견 리뷰",
        "title": "title subject 제목",
        "author_name": "author_name author name writer nickname 작성자 글쓴이 고객명 이름 닉네임",
        "author_id": "author_id user_id email 회원번호 고객번호 아이디 이메일 "
        "전화번호 휴대폰번호 연락처 발신번호",
        "published_at": "published_at created_at date datetime timestamp "
        "날짜 일시 작성일 작성일시 등록일 등록일시 접수일 접수일시 상담일시 통화일시 통화시각",
        "external_id": "external_id id 접수번호 문의번호 상담번호 글번호",
        "url": "url link 링크",
        "rating": "rating stars score 별점 평점",
        "followers": "followers 팔로워",
        "thread_id": "thread_id thread",
        "parent_id": "parent_id parent",
    }.items()
}
"""What the columns of a mention are usually called, best name first.

A bare running number (번호) is no identity: it begins at 1 again in every file.
"""

OURS: Final = {"author": "author_name", "created_at": "published_at", "id": "external_id"} | {
    "thread": "thread_id",
    "parent": "parent_id",
}
LARGEST: Final = 2**63 - 1
LONGEST_WORD: Final = 2_000


class Wanted(Protocol):
    """The settings that say how rows are to be understood."""

    map: str
    zone: str
    stars: int
    addressed: bool


def mapping(text: str) -> dict[str, str]:
    """The pairs in `text=내용,author=작성자`, by our word in full.

    >>> mapping("text=내용, id=글번호")
    {'text': '내용', 'external_id': '글번호'}

    Raises:
        ValueError: when a pair has no equals sign or begins with no word of ours.
    """
    pairs: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        word, equals, column = (side.strip() for side in part.partition("="))
        ours = OURS.get(word, word)
        if not (equals and column):
            raise Unfit("“%(part)s” is not written as word=column", part=part)
        if ours not in USUAL_NAMES:
            known = ", ".join(sorted({*USUAL_NAMES, *OURS}))
            raise Unfit("“%(word)s” is none of %(known)s", word=word, known=known)
        pairs[ours] = column
    return pairs


class Maker:
    """Makes mentions of rows.

    A row that names itself (`external_id`) is that within its source. Any other is named by what
    it says and by how many rows before it in the file say the same: an export made again, with
    new rows above or below, adds the new rows only, and two customers with the same words are two.

    Args:
        wanted: how rows are to be understood.
        listener: who is asking.
        channel: whose mentions they become.
        strict: whether the first row must have every column that was named; where rows leave out
            what is empty, it need not.

    Attributes:
        counted: how often a row without a name of its own came, by its content.
    """

    def __init__(
        self, wanted: Wanted, listener: Listener, *, channel: str = "files", strict: bool = True
    ) -> None:
        self._strict = strict
        self._map = mapping(wanted.map)
        self._zone = ZoneInfo(wanted.zone)
        self._stars = wanted.stars
        self._listener = listener
        self._fixed = {
            "source": listener.source,
            "channel": channel,
            "heard_at": listener.now,
            "addressed": wanted.addressed,
            "public": not wanted.addressed,
        }
        self._plans: dict[tuple[str, ...], dict[str, str]] = {}
        self._readers: dict[str, Callable[[Any], Any]] = {
            "published_at": lambda value: instant(value, self._zone),
            "rating": self._rating,
            "followers": _whole,
        }
        self.counted: Counter[bytes] = Counter()

    def own_name(self, values: Mapping[str, Any]) -> str | None:
        """What a row calls itself, within its source; None when it does not."""
        own = _words(values.get(self._plan(values).get("external_id", "")))
        return f"{self._listener.source}:{own}" if own and len(own) <= LONGEST_WORD else None

    def name(self, values: Mapping[str, Any]) -> str:
        """What a row is called; counts it when it has no name of its own."""
        if own := self.own_name(values):
            return own
        content = msgspec.json.encode(values, enc_hook=str)
        digest = hashlib.blake2b(content, digest_size=12).digest()
        self.counted[digest] += 1
        return f"{self._listener.source}:{digest.hex()}:{self.counted[digest]}"

    def row(self, name: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """A mention of a row; None when it says nothing."""
        plan = self._plan(values)
        row: dict[str, Any] = self._fixed | {"external_id": name}
        taken = set()
        for ours, column in plan.items():
            if ours == "external_id":
                taken.add(column)
                continue
            read: Callable[[Any], Any] = self._readers.get(ours, _words)
            row[ours] = read(values[column])
            if row[ours] is not None:
                taken.add(column)
        row["text"] = row.get("text") or ""
        if not (row["text"] or row.get("title")):
            return None
        row["author_id"] = row.get("author_id") or row.get("author_name")
        rest = {key: kept for key, kept in values.items() if key not in taken and _filled(kept)}
        if rest:
            row["extra"] = msgspec.json.encode(rest, enc_hook=str).decode()
        return row

    def _plan(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Which column of such a row is what; worked out once for every set of columns."""
        columns = tuple(values)
        plan = self._plans.get(columns)
        if plan is None:
            plan = self._plans[columns] = self._planned(columns)
        return plan

    def _planned(self, columns: tuple[str, ...]) -> dict[str, str]:
        missing = set(self._map.values()) - set(columns)
        if self._strict and missing and not self._plans:
            raise ChannelError(
                f"there is no column {', '.join(sorted(missing))}; there are: {', '.join(columns)}",
                permanent=True,
            )
        by_name = {column.strip().lower(): column for column in reversed(columns)}
        plan = {ours: column for ours, column in self._map.items() if column in columns}
        for ours, names in USUAL_NAMES.items():
            usual = next((by_name[name] for name in names if name in by_name), None)
            if ours not in self._map and usual is not None and usual not in plan.values():
                plan[ours] = usual
        return plan

    def _rating(self, value: Any) -> float | None:
        """Stars from 1 to 5, whatever the scale of the file."""
        try:
            stars = float(value)
        except (TypeError, ValueError):
            return None
        if not 1 <= stars <= self._stars:
            return None
        return 1 + (stars - 1) * 4 / (self._stars - 1)


def _words(value: Any) -> str | None:
    if isinstance(value, str):
        return value.replace("\0", "").strip() or None
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return msgspec.json.encode(value, enc_hook=str).decode()
    return str(value)


def _whole(value: Any) -> int | None:
    try:
        number = int(str(value).replace(",", ""))
    except ValueError:
        return None
    return number if 0 <= number <= LARGEST else None


def _filled(value: Any) -> bool:
    return value is not None and value != ""

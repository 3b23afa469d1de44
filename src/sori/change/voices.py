"""Read the voices of a theme from the lake: who said what, the newest first, and who carries it."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

import pyarrow as pa
from django.utils import timezone

from sori.change import campaigning, selectors, series
from sori.change.models import Campaign, Correction, Surge, Theme
from sori.lake import questions
from sori.lake.query import Reader, first_partition
from sori.mention import day_of, is_id
from sori.respond.prose import visible
from sori.sql import read_sql
from sori.understand.privacy import CONTACTS, mask
from sori.understand.themes import shortened
from sori.understand.watching import Series

ROOM: Final = "change"
PAGE: Final = 20
CARRIERS: Final = 8
LONGEST: Final = timedelta(days=120)
_SHOWN: Final = 320
_WEB: Final = re.compile(r"https?://", re.IGNORECASE)


class Stream(NamedTuple):
    """Some voices, the newest first.

    Attributes:
        rows: id, number (of the theme), channel, public, url, author, followers, text, kind,
            sentiment, urgency and said_at.
        next: hand it back as `after` for older ones; "" at the end.
    """

    rows: list[dict[str, Any]]
    next: str


def stream(reader: Reader, theme: Theme, *, private: bool, after: str = "") -> Stream:
    """A page of the voices of a theme and of all that were merged into it.

    Args:
        reader: the lake.
        theme: whose.
        private: whether letters may be shown too, not only what all can read.
        after: `next` of the page before.
    """
    found = _newest(reader, theme, private=private, after=after, most=PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    rows = [shown(row, private=private) for row in found[:PAGE]]
    return Stream(rows, f"{last['said_at'].isoformat()}~{last['id']}" if last else "")


def ids(reader: Reader, theme: Theme, most: int = 5_000) -> list[str]:
    """The newest voices of a theme and of all that were merged into it, by their ids."""
    return [row["id"] for row in _newest(reader, theme, private=True, most=most)]


def themes_of(reader: Reader, mentions: Sequence[str]) -> dict[str, int]:
    """The theme of each of these mentions that has one, before people's corrections."""
    table = reader.table(
        read_sql(ROOM, "themes_of"),
        beside={"known": selectors.members()},
        partition=day_of(min(mentions)),
        ids=list(mentions),
    )
    rows = table.to_pylist()
    return {row["id"]: row["theme"] for row in rows if row["theme"] is not None}


def carriers(reader: Reader, theme: Theme, *, private: bool) -> list[dict[str, Any]]:
    """The accounts that carry a theme, widest reach first."""
    return _carriers(_asked(reader, "carriers", theme, private=private, most=CARRIERS))


def accounts(reader: Reader, theme: Theme, *, private: bool, most: int) -> list[dict[str, Any]]:
    """The accounts that speak of a theme, who spoke last first.

    Returns:
        Dictionaries of channel, author_id, author_name, voices, first and last.
    """
    return _asked(reader, "accounts", theme, private=private, most=most)


def oldest(reader: Reader, theme: Theme, *, private: bool, most: int = 1) -> list[dict[str, Any]]:
    """The first voices of a theme, as far back as it is read."""
    rows = _asked(reader, "oldest", theme, private=private, most=most)
    return [shown(row, private=private) for row in rows]


def candidates(reader: Reader, theme: Theme, *, private: bool, most: int) -> list[dict[str, Any]]:
    """The newest voices of a theme with all of their words, fit to be searched."""
    return _newest(reader, theme, private=private, most=most)


class Made(NamedTuple):
    """What a surge began with, and who carries it."""

    first: list[dict[str, Any]]
    carriers: list[dict[str, Any]]


def of_surge(reader: Reader, surge: Surge, *, private: bool) -> Made:
    """The first voices of a surge, and the accounts that carry it."""
    key = Series(surge.sort, surge.key)
    span: dict[str, Any] = {"since": surge.since, "until": surge.last, "private": private}
    first = series.about(reader, "these", key, ids=surge.first_voices, **span)
    carriers = series.about(reader, "carriers", key, most=CARRIERS, **span)
    return Made([shown(row, private=private) for row in first], _carriers(carriers))


def of_campaign(reader: Reader, campaign: Campaign, *, private: bool) -> Made:
    """Some voices of a campaign, the first ones first, and the accounts that carry it."""
    members = campaigning.members_of([campaign])
    first = _of_members(reader, [campaign], members, "oldest", most=PAGE, private=private)
    carriers = _of_members(reader, [campaign], members, "carriers", most=CARRIERS, private=private)
    return Made([shown(row, private=private) for row in first], _carriers(carriers))


def openings(reader: Reader, campaigns: Sequence[Campaign], *, private: bool) -> dict[int, str]:
    """With which words each campaign began, as far as they may be shown, by its number."""
    ids = [mention for campaign in campaigns for mention in campaign.first_voices]
    if not ids:
        return {}
    members = pa.table({"id": ids})
    rows = _of_members(reader, campaigns, members, "oldest", most=len(ids), private=private)
    texts = {row["id"]: shown(row, private=private)["text"] for row in rows}
    return {
        campaign.pk: next(filter(None, map(texts.get, campaign.first_voices)), "")
        for campaign in campaigns
    }


def _of_members(
    reader: Reader, campaigns: Sequence[Campaign], members: pa.Table, name: str, **parameters: Any
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = reader.table(
        questions.about(ROOM, "of_members", name),
        beside={"members": members},
        partition=first_partition(min(campaign.since for campaign in campaigns)),
        **parameters,
    ).to_pylist()
    return rows


def one(reader: Reader, theme: Theme, mention: str, *, private: bool) -> dict[str, Any] | None:
    """One voice of a theme; None when it is none of its."""
    if not is_id(mention):
        return None
    found = _newest(reader, theme, private=private, mention=mention, most=1)
    return shown(found[0], private=private) if found else None


def _newest(
    reader: Reader,
    theme: Theme,
    *,
    private: bool,
    most: int,
    after: str = "",
    mention: str | None = None,
) -> list[dict[str, Any]]:
    before, before_id = questions.place_of(after)
    asked = {"before": before, "before_id": before_id, "mention": mention, "most": most}
    return _asked(reader, "newest", theme, private=private, **asked)


def _asked(reader: Reader, name: str, theme: Theme, **parameters: Any) -> list[dict[str, Any]]:
    themes = selectors.family(theme.pk)
    standing = Correction.objects.filter(undone_at=None)
    away = standing.filter(theme__in=themes, belongs=False) | standing.filter(belongs=True).exclude(
        theme__in=themes
    )
    home = standing.filter(theme__in=themes, belongs=True)
    since = max(theme.first_seen, timezone.now() - LONGEST) - timedelta(days=1)
    table = reader.table(
        questions.about(ROOM, "of_themes", name),
        beside={"known": selectors.members()},
        since=since,
        partition=first_partition(since),
        themes=themes,
        away=list(away.values_list("mention", flat=True)),
        home=list(home.values_list("mention", flat=True)),
        **parameters,
    )
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _carriers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        row["author"] = visible(row["author_name"] or row["author_id"])
    return rows


def shown(row: dict[str, Any], *, private: bool) -> dict[str, Any]:
    """A voice for a page; whoever may not read letters sees no way to reach anybody either."""
    text = row["text"].strip() or row["title"] or ""
    if not private:
        text, _ = mask(text, also=CONTACTS)
    row["text"] = shortened(visible(text), _SHOWN)
    row["author"] = visible(row["author_name"] or row["author_id"] or "")
    row["url"] = row["url"] if row["url"] and _WEB.match(row["url"]) else ""
    return row

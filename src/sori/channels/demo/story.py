"""Who of the invented customers says what in which minute, as rows of a mention."""

import json
import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from sori.channels.contract import Listener
from sori.channels.demo import rhythm, voices

SPEAKERS: Final = 6000
LIVELY: Final = 0.45
FOLLOW_UPS: Final = 0.18
OPEN_COMMENTS: Final = 0.03

_MANNERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "email": {"addressed": True, "public": False, "reply_mode": "private"},
    "webform": {"addressed": True, "public": False, "reply_mode": "private"},
    "rss": {"addressed": False, "public": True, "reply_mode": "none"},
    "files": {"addressed": False, "public": True, "reply_mode": "none"},
}


class DemoSettings(BaseModel):
    """Which invented place this is."""

    model_config = ConfigDict(frozen=True)

    speaks_as: Literal["email", "webform", "rss", "files"] = Field(
        title="Speaks as", description="The channel its voices seem to come from."
    )
    voices: float = Field(title="Voices a day", gt=0, le=100_000)
    since: date = Field(title="First day", description="The history begins on this day.")
    anchor: date = Field(title="Day of the demo", description="Surges are dated back from here.")
    lively_since: datetime | None = Field(
        default=None,
        title="Lively since",
        description="From here on people speak more often, so that there is something to see.",
    )
    outbox: str = Field(title="Outbox", description="The file that answers are written to.")


class Moment(NamedTuple):
    """One voice to be heard: the minute of the day, its number in the day, its topic if fixed."""

    minute: int
    number: int
    topic: str | None


def told(
    settings: DemoSettings, day: date, minutes: range, listener: Listener
) -> Iterator[dict[str, Any]]:
    """The rows of a day whose minute since 1970 lies in `minutes`, in order of time."""
    first = rhythm.first_minute(day)
    for moment in _moments(settings, day):
        if first + moment.minute in minutes:
            yield _row(settings, day, moment, listener)


@lru_cache(maxsize=4)
def _moments(settings: DemoSettings, day: date) -> list[Moment]:
    dice = np.random.default_rng([sum(map(ord, settings.speaks_as)), day.toordinal()])
    counted: list[tuple[int, str | None]] = []
    ordinary = rhythm.ordinary(day, settings.voices)
    counted += _spread(dice.poisson(ordinary), None)
    for surge in rhythm.SURGES:
        extra = rhythm.surging(day, settings.voices, surge, settings.anchor)
        counted += _spread(dice.poisson(extra), surge.topic)
    # drawn on every day, so that switching it on does not change what was said before
    livelier = _spread(dice.poisson(np.full(rhythm.MINUTES, LIVELY)), None)
    if settings.lively_since:
        since = settings.lively_since
        counted += [one for one in livelier if rhythm.minute_of(day, one[0]) >= since]
    # a voice's number must not depend on how many came later in the day
    moments = [Moment(minute, number, topic) for number, (minute, topic) in enumerate(counted)]
    return sorted(moments)


def _spread(counts: Any, topic: str | None) -> list[tuple[int, str | None]]:
    return [(int(minute), topic) for minute in np.repeat(np.arange(rhythm.MINUTES), counts)]


def _row(settings: DemoSettings, day: date, moment: Moment, listener: Listener) -> dict[str, Any]:
    name = _name(settings, day, moment)
    dice = random.Random(name)  # noqa: S311 (a story, not a secret)
    who = _speaker(dice)
    to_us = _MANNERS[settings.speaks_as]["addressed"]
    said = voices.speak(dice, moment.topic or voices.topic(dice, to_us=to_us), sentences=2)
    row: dict[str, Any] = {
        "source": listener.source,
        "channel": settings.speaks_as,
        "external_id": name,
        "thread_id": name,
        "author_id": who.handle,
        "author_name": who.handle,
        "text": said.text,
        "published_at": rhythm.minute_of(day, moment.minute),
        "heard_at": listener.now,
        **_MANNERS[settings.speaks_as],
    }
    if settings.speaks_as == "rss":
        row |= {"title": said.title, "followers": who.followers}
        row |= {"url": f"https://blog.example.com/{who.handle}/{name}"}
        if dice.random() < OPEN_COMMENTS:
            row |= {"reply_mode": "link", "reply_address": json.dumps({"url": row["url"]})}
    elif settings.speaks_as == "files":
        row |= {"rating": float(said.rating)}
    elif earlier := _earlier(settings, day, dice):
        row |= {"thread_id": earlier, "parent_id": earlier}
        # the same name throws the same dice, so this is who wrote the earlier letter
        who = _speaker(random.Random(earlier))  # noqa: S311
        row |= _letter(who, voices.insist(dice), said.title)
    else:
        row |= _letter(who, said.text, said.title)
    return row


def _name(settings: DemoSettings, day: date, moment: Moment) -> str:
    return f"{settings.speaks_as}-{day:%Y%m%d}-{moment.number}"


def _speaker(dice: random.Random) -> voices.Speaker:
    return voices.speaker(int(SPEAKERS * dice.random() ** 2))


def _earlier(settings: DemoSettings, day: date, dice: random.Random) -> str | None:
    """A letter of the day before that this one comes back to, now and then."""
    before = day - timedelta(days=1)
    if before < settings.since or dice.random() > FOLLOW_UPS:
        return None
    letters = _moments(settings, before)
    return _name(settings, before, dice.choice(letters)) if letters else None


def _letter(who: voices.Speaker, text: str, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "author_id": who.email,
        "author_name": who.name,
        "text": f"{text}\n\n{who.name} 드림",
        "reply_address": json.dumps({"to": who.email, "subject": title}),
    }

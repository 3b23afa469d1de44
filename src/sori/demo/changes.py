"""A change that the demo company shipped a month ago, what it brought, and the story of it.

Themes are found by themselves, but only in the last two weeks; what was heard before, and the days
on which somebody counted it, are invented here. What it brought is worked out as everywhere else.
"""

import random
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from django.utils import timezone

from sori import flow
from sori.change import packing, rounds, runs, series
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.models import Theme, ThemeDay, ThemeRun
from sori.change.stories import services as stories
from sori.change.stories.drafting import drafted
from sori.change.stories.models import Story
from sori.demo.company import ADMINISTRATOR
from sori.listen import memory
from sori.staff.models import Department, Member
from sori.understand.assigning import Centres
from sori.understand.embedding import FAST_DIMS

TITLE: Final = "인증번호를 30초 안에 받도록 발송 경로 이중화"
_THEME: Final = 900_001
_SHIPPED: Final = 30
_COUNTED: Final = 45
_LOOKED_BACK: Final = 13
_VOICES: Final = {"files": (6.0, 1.2), "rss": (5.0, 1.6)}
_WORDS: Final = {
    "ko": {
        "title": "인증번호, 이제 30초 안에 도착해요",
        "said": "로그인할 때 인증번호가 오지 않거나 몇 분 뒤에야 온다고 많은 분이 말씀해 주셨어요.",
        "changed": "문자를 보내는 길을 둘로 늘렸어요."
        " 한쪽이 밀리면 곧바로 다른 쪽으로 다시 보내요.",
        "quote": "번호 기다리다가 화면이 꺼져서 처음부터 다시 했어요.",
    },
    "en": {
        "title": "Sign-in codes now arrive within 30 seconds",
        "said": "Many of you told us that the code for signing in came late or not at all.",
        "changed": "We opened a second route for text messages. If one is slow, the code goes out"
        " again by the other within five seconds.",
        "quote": "I waited for the code until my screen went dark and had to start over.",
    },
}


def tell() -> None:
    """Make the change, count what it brought, publish the story; harmless to repeat."""
    if Initiative.objects.filter(title=TITLE).exists():
        return
    boss = Member.objects.get(email=ADMINISTRATOR)
    _be_heard()
    initiative = _ship(boss)
    flow.check_outcomes()
    rounds.ask(runs.ROUND, within=timedelta(0))
    for language, words in _WORDS.items():
        known = drafted(memory.counting_reader(), initiative, language)
        story = stories.write(
            initiative=initiative, member=boss, language=language,
            words=words | {"numbers": known["numbers"]}, base=0,
        )  # fmt: skip
    reader = memory.counting_reader()
    stories.quote(story=story, member=boss, reader=reader, how=Story.Quote.OURS, mention="")
    stories.publish(story=story, member=boss)


def _ship(boss: Member) -> Initiative:
    made = Initiative.objects.create(
        title=TITLE,
        summary="인증번호 문자가 늦거나 오지 않아 로그인을 못 하는 일을 없앤다.",
        owner=Member.objects.get(email="sua@sodam.example"),
        department=Department.objects.get(name="앱·디지털"),
        stage=Initiative.Stage.SHIPPED,
        decision=Initiative.Decision.YES,
        reason="로그인은 모든 일의 시작이라 먼저 고치기로 했어요.",
        decided_by=boss,
        decided_at=_noon(_SHIPPED + 10),
        created_by=boss,
        created_at=_noon(_SHIPPED + 14),
        shipped_at=_noon(_SHIPPED),
    )
    Evidence.objects.create(
        initiative=made, sort=Evidence.Sort.THEME, key=str(_THEME), added_by=boss,
        added_at=made.created_at,
    )  # fmt: skip
    return made


def _be_heard() -> None:
    """The theme as it was heard, and the runs that counted it, yesterday the last time."""
    dice = random.Random("changes")  # noqa: S311 (a story, not a secret)
    theme = Theme.objects.create(
        number=_THEME, name="인증번호 문자 지연", named=True, state=Theme.State.GONE,
        first_seen=_noon(_SHIPPED + 24), last_seen=_noon(1),
    )  # fmt: skip
    ThemeDay.objects.bulk_create(
        ThemeDay(theme=theme, day=timezone.localdate(_noon(ago)), counts=_counts(ago, dice))
        for ago in range(1, _COUNTED + _LOOKED_BACK)
    )
    nothing = packing.packed_members(pa.array([], pa.string()), *[np.empty(0, np.int64)] * 2)
    vectors = np.empty((0, FAST_DIMS), np.float32)
    none = packing.packed_centres(Centres("fast", np.empty(0, np.int64), vectors))
    ThemeRun.objects.bulk_create(
        ThemeRun(
            at=_noon(ago), since=_noon(ago + _LOOKED_BACK), voices=0, read=0, compared=0,
            tier="fast", next_number=1, seconds=0.0, members=nothing, centres=none,
        )
        for ago in range(_COUNTED, 0, -1)
    )  # fmt: skip


def _counts(ago: int, dice: random.Random) -> dict[str, dict[str, int]]:
    means = {channel: pair[ago < _SHIPPED] for channel, pair in _VOICES.items()}
    heard = {channel: round(dice.gammavariate(3, mean / 3)) for channel, mean in means.items()}
    return {"complaint": {channel: count for channel, count in heard.items() if count}}


def _noon(ago: int) -> datetime:
    """The middle of a day so many days ago."""
    day: date = timezone.localdate() - timedelta(days=ago)
    return datetime.combine(day, time(12), series.zone())

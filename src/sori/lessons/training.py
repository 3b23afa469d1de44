"""Learn the company's own heads: ask for it, do it when it is due, switch on what is better."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import pyarrow as pa
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from sori import database
from sori.database import write_atomic
from sori.errors import SoriError, Stale
from sori.journal.services import record
from sori.lessons.models import Example, Training, Version
from sori.lessons.topics import learn_topics
from sori.lessons.versions import activate
from sori.lessons.voices import random_voices
from sori.staff.models import Member
from sori.understand.pipeline import model_name
from sori.understand.teaching import Judged, Taught, teach

VOICES: Final = 4_000
"""How many voices that nobody corrected are looked at."""

RECENT: Final = timedelta(days=180)
LEASE: Final = timedelta(minutes=3)
"""Renewed after every head; ten times what a head takes with 5,000 corrections on one slow core."""

Told = Callable[[float], None]


def ask_to_retrain(*, member: Member | None) -> Training:
    """Let a worker learn the company's own heads; one that waits already is given back."""
    with write_atomic():
        waiting = Training.objects.filter(waiting=True).first()
        if waiting is not None:
            return waiting
        now = timezone.now()
        return Training.objects.create(member=member, asked_at=now, due_at=now)


def train_due() -> int:
    """Work off a training that somebody asked for; returns how many there were: 1 or 0."""
    claimed = database.claim(Training.objects.filter(waiting=True), lease=LEASE)
    for training in claimed:
        _train(training)
    return len(claimed)


def retrain(*, member: Member | None = None, told: Told = lambda _: None) -> Version:
    """Learn the company's own heads now, and switch them on if they are better.

    Args:
        member: who asked; None at the terminal.
        told: how much is done, 0 to 1.

    Raises:
        Stale: a worker is learning just now.
    """
    asked = ask_to_retrain(member=member)
    claimed = database.claim(Training.objects.filter(pk=asked.pk), lease=LEASE)
    if not claimed:
        raise Stale("a worker is learning just now; the model page will show its result")
    return _train(claimed[0], told)


def _train(training: Training, told: Told = lambda _: None) -> Version:
    def progress(done: float) -> None:
        database.hold(training, done=round(done, 3), lease_until=Now() + LEASE)
        told(done)

    try:
        judged, others, in_use = _examples()
        number = (Version.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        taught = teach(judged, others, name=f"own-{number}", in_use=in_use, progress=progress)
    except Exception as error:
        # said on the page, and not tried again by itself: it would fail again
        words = str(error) if isinstance(error, SoriError) else type(error).__name__
        with suppress(Stale):
            database.hold(training, error=words)
            _finish(training, None)
        raise
    with write_atomic():
        version = _keep(number, taught, judged, training)
        _finish(training, version)
        if taught.company:
            version = activate(version=number, member=None)
    learn_topics(others.column("text").to_pylist())
    return version


def _finish(training: Training, version: Version | None) -> None:
    database.hold(
        training,
        version=version,
        done=1.0,
        waiting=False,
        due_at=None,
        lease_until=None,
        finished_at=timezone.now(),
    )


def _keep(number: int, taught: Taught, judged: Judged, training: Training) -> Version:
    version = Version.objects.create(
        number=number,
        base=model_name(),
        examples=judged.heard.num_rows,
        figures={head: outcome._asdict() for head, outcome in taught.outcomes.items()},
        weights=taught.company,
        member=training.member,
        made_at=timezone.now(),
    )
    better = [head for head, one in taught.outcomes.items() if one.verdict == "better"]
    record(
        "model.trained",
        f"model:{number}",
        member=training.member,
        examples=version.examples,
        better=better,
    )
    return version


def _examples() -> tuple[Judged, pa.RecordBatch, bytes | None]:
    """What people judged, voices that nobody judged, and the heads in use."""
    active = Version.objects.filter(state=Version.State.ACTIVE).first()
    rows = Example.objects.filter(corrections__isnull=False).distinct()
    values, random, unseen = [], [], []
    kept = list(rows.prefetch_related("corrections").order_by("mention"))
    for example in kept:
        corrections = list(example.corrections.all())
        values.append({one.label: one.value for one in corrections})
        random.append(example.random)
        first = min(one.at for one in corrections)
        unseen.append(active is None or first > active.made_at)
    heard = _heard((one.title, one.text, one.lang or None) for one in kept)
    since = timezone.now() - RECENT
    voices = random_voices(since=since, count=VOICES + len(kept), seed="retrain").to_pylist()
    known = {one.mention for one in kept}
    others = [one for one in voices if one["id"] not in known][:VOICES]
    rest = _heard((one["title"], one["text"], one["lang"]) for one in others)
    in_use = bytes(active.weights) if active else None
    return Judged(heard, values, random, unseen), rest, in_use


def _heard(voices: Iterable[tuple[Any, Any, Any]]) -> pa.RecordBatch:
    rows = list(voices)
    columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
    names = ("title", "text", "lang")
    return pa.RecordBatch.from_arrays(
        [pa.array(column, pa.string()) for column in columns], names=list(names)
    )

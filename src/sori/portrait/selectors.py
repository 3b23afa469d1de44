"""Read a person whole: who they are, who knows them here, and what stands beside them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from sori.lake.query import Reader
from sori.listen import memory
from sori.listen.forgetting import views_of
from sori.people import purchases, selectors, suggesting
from sori.people.models import Erasure, Identity, Person
from sori.portrait import said
from sori.portrait.said import Whose
from sori.respond import forgetting as desk
from sori.respond.models import Case, Message, Note
from sori.respond.selectors import SETTLED

MONTHS: Final = 12
_SENTIMENTS: Final = ("positive", "neutral", "mixed", "negative", "")


def card(people: list[int]) -> dict[str, Any]:
    """What stands beside a person's timeline, of the database alone.

    Returns:
        `identities`, `identifiers`, `merged` (id and name of those merged into them), `case_count`
        and `open_count`, `colleagues` (members who answered them: name, answers, last).
    """
    standing = selectors.standing_for(people[0])
    cases = Case.objects.filter(person__in=people).aggregate(
        every=Count("pk"), open=Count("pk", filter=~Q(status__in=SETTLED))
    )
    merged = Person.objects.filter(pk__in=people).exclude(pk=standing).order_by("pk")
    return {
        "identities": selectors.identities(people),
        "identifiers": selectors.identifiers(people),
        "merged": list(merged.values("id", "name", "merged_into_id")),
        "case_count": cases["every"],
        "open_count": cases["open"],
        "colleagues": colleagues(people),
    }


def colleagues(people: list[int]) -> list[dict[str, Any]]:
    """Who knows them here: members by the answers they gave them, with the last one."""
    sent = Message.objects.filter(
        conversation__identity__person__in=people,
        direction=Message.Direction.OUT,
        state=Message.State.SENT,
        notice=False,
    ).exclude(member=None)
    rows = sent.values(name=F("member__name"), number=F("member")).annotate(
        answers=Count("pk"), last=Max("sent_at")
    )
    return [dict(row) for row in rows.order_by("-answers", "-last")[:12]]


def bought(people: list[int]) -> list[dict[str, Any]]:
    """Their orders and contracts; see `purchases.purchases`."""
    return purchases.purchases(suggesting.marks(people))


def mood_by_month(reader: Reader, theirs: Whose) -> list[dict[str, Any]]:
    """The last twelve months, the oldest first: `month`, `voices`, and `parts`.

    A part is (sentiment, voices); sentiments come in one order, none is left out. Empty when
    nothing was said in all that time.
    """
    today = timezone.localdate()
    numbers = [today.year * 12 + today.month - 1 - back for back in reversed(range(MONTHS))]
    names = [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]
    counted: dict[tuple[str, str], int] = {}
    for row in said.moods(reader, theirs, since=timezone.now() - timedelta(days=31 * MONTHS)):
        counted[row["month"], row["sentiment"]] = row["voices"]
    months: list[dict[str, Any]] = [
        {"month": name, "parts": [(mood, counted.get((name, mood), 0)) for mood in _SENTIMENTS]}
        for name in names
    ]
    for month in months:
        month["voices"] = sum(count for _, count in month["parts"])
    return months if any(month["voices"] for month in months) else []


def case_counts(groups: Iterable[list[int]]) -> dict[int, int]:
    """How many cases each of these people has who are one; by the id of every one of them."""
    everybody = [group for group in groups if group]
    counted = dict(
        Case.objects.filter(person__in=[one for group in everybody for one in group])
        .values_list("person")
        .annotate(Count("pk"))
    )
    return {
        one: sum(counted.get(each, 0) for each in group) for group in everybody for one in group
    }


def held(person: int) -> dict[str, Any]:
    """What is held on somebody, for the last word before it goes.

    Returns:
        `people`: how many are one; `counts`: how much of what.
    """
    everybody = selectors.together(person)
    theirs = said.whose(everybody)
    names = theirs.asked(memory.reader(), "names")
    mentions = names.column("id").to_pylist()
    files = {one for some in names.column("files").to_pylist() for one in some or ()}
    accounts = Identity.objects.filter(person__in=everybody)
    called = {one for pair in accounts.values_list("external_id", "name") for one in pair if one}
    counts = {
        "mentions": len(mentions),
        "messages": Message.objects.filter(conversation__identity__person__in=everybody).count(),
        "cases": Case.objects.filter(person__in=everybody).count(),
        "notes": Note.objects.filter(case__person__in=everybody).count(),
        "files": len(files | desk.files_of(everybody)),
        "accounts": accounts.count(),
        "orders": purchases.of(suggesting.marks(everybody)).count(),
        "views": len(views_of(called)),
    }
    return {"people": len(everybody), "counts": counts}


def leaving(people: Iterable[int]) -> Erasure | None:
    """The erasure that is at work on any of these people."""
    wanted = set(people)
    running = Erasure.objects.filter(finished_at=None)
    return next((one for one in running if wanted & set(one.people)), None)

"""Read ideas: the lists, one of them with all that is said of it, and who stands behind some."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from sori.change.ideas import families, index, likeness
from sori.change.ideas.hearing import CHANNEL
from sori.change.ideas.models import (
    SHOWN,
    STANDING,
    Audience,
    Board,
    Comment,
    Idea,
    News,
    State,
    Subscription,
    Vote,
)
from sori.change.ideas.taking_part import Actor
from sori.database import chunks
from sori.people.models import Identity
from sori.people.selectors import together
from sori.respond import joining
from sori.respond.models import Message

PAGE: Final = 20
SORTS: Final = {
    "votes": ("-support", "-id"),
    "trending": ("-heat", "-id"),
    "new": ("-id",),
}
_FIELDS: Final = (
    "id", "title", "body", "language", "state", "status", "answer", "answered_at", "support",
    "created_at", "board_id", "person_id", "member_id", "mention", "merged_into_id",
)  # fmt: skip


def boards(*, internal: bool) -> list[Board]:
    """The boards in their order; without `internal` those that everybody sees."""
    rows = Board.objects.all()
    return list(rows if internal else rows.filter(audience=Audience.PUBLIC))


def listed(
    boards: Collection[int],
    *,
    sort: str = "votes",
    status: str = "",
    query: str = "",
    page: int | str = 1,
    size: int = PAGE,
) -> Page[dict[str, Any]]:
    """Shown ideas of these boards that stand for their family.

    Args:
        boards: ids.
        sort: one of SORTS; a query brings its own order, the best first.
        status: only of this one.
        query: words.
        page: which page; one that is none is the first or the last.
        size: ideas a page.
    """
    shown = Idea.objects.filter(SHOWN, board__in=boards)
    rows = shown.filter(STANDING)
    if status:
        rows = rows.filter(status=status)
    if query:
        rank = _ranked(shown, query)
        ids = list(rows.filter(pk__in=rank).values_list("pk", flat=True))
        ids.sort(key=lambda pk: rank[pk])
        return _page_of(ids, page, size)
    found = Paginator(_told(rows.order_by(*SORTS[sort])), size).get_page(page)
    found.object_list = _with_comments([dict(row) for row in found.object_list])
    return found


def alike(
    title: str,
    boards: Sequence[int],
    *,
    but: int = 0,
    near: Mapping[str, float] = likeness.OFFERED,
) -> list[dict[str, Any]]:
    """Ideas that may be the same as what somebody is writing; the arguments are `likeness`'s."""
    found = likeness.alike(title, boards, but=but, near=near)
    roots = families.roots(found)
    order = list(dict.fromkeys(roots[one] for one in found if roots[one] != but))
    rows = {row["id"]: dict(row) for row in _told(Idea.objects.filter(SHOWN, pk__in=order))}
    return [rows[pk] for pk in order if pk in rows]


def these(ideas: Iterable[int]) -> list[dict[str, Any]]:
    """These ideas as lists show them, in this order; what does not exist is left out."""
    order = list(ideas)
    rows = {row["id"]: dict(row) for row in _told(Idea.objects.filter(pk__in=order))}
    return [rows[pk] for pk in order if pk in rows]


def one(idea: int, *, all_of_it: bool = False) -> dict[str, Any] | None:
    """An idea with its history (`news`), what is said of it (`comments`) and what is part of it.

    Args:
        idea: its id.
        all_of_it: also what is not shown: the idea itself, and comments that wait or are hidden.

    Returns:
        None if there is none; `root` is the idea it stands under, itself where under none.
    """
    rows = Idea.objects.all() if all_of_it else Idea.objects.filter(SHOWN)
    row = _told(rows.filter(pk=idea)).first()
    if row is None:
        return None
    found = dict(row)
    found["root"] = families.roots([idea])[idea]
    everybody = families.family(idea)
    comments = Comment.objects.filter(idea__in=everybody).order_by("at", "pk")
    if not all_of_it:
        comments = comments.filter(state=State.OPEN)
    found["comments"] = [dict(one) for one in _by(comments).values(*_SAID)[:500]]
    news = News.objects.filter(idea=idea).order_by("-at", "-pk")
    found["news"] = list(news.values("status", "words", "at", member_name=F("member__name")))
    merged = Idea.objects.filter(pk__in=everybody[1:]).order_by("pk")
    found["merged"] = list(merged.values("id", "title", "language", "merged_into_id"))
    return found


def stands_behind(actor: Actor | None, ideas: Iterable[int]) -> set[int]:
    """Those of these ideas, standing for their family, that somebody wants."""
    return _theirs(Vote.objects.all(), actor, ideas)


def follows(actor: Actor | None, ideas: Iterable[int]) -> set[int]:
    """Those of these ideas, standing for their family, of which somebody is told."""
    return _theirs(Subscription.objects.filter(stopped_at=None), actor, ideas)


def waiting() -> dict[str, list[dict[str, Any]]]:
    """What waits for a look: `ideas` and `comments`, the longest waiting first."""
    ideas = Idea.objects.filter(STANDING, state=State.WAITING).order_by("created_at", "pk")
    comments = Comment.objects.filter(state=State.WAITING).order_by("at", "pk")
    said = _by(comments).values(*_SAID, title=F("idea__title"))
    return {
        "ideas": [dict(row) for row in _told(ideas)[:100]],
        "comments": [dict(row) for row in said[:100]],
    }


def waiting_count() -> int:
    """How many ideas and comments wait for a look."""
    ideas = Idea.objects.filter(STANDING, state=State.WAITING).count()
    return ideas + Comment.objects.filter(state=State.WAITING).count()


def hidden() -> list[dict[str, Any]]:
    """What members have taken out of sight, the newest first."""
    rows = Idea.objects.filter(STANDING, state=State.HIDDEN).exclude(title="")
    return [dict(row) for row in _told(rows.order_by("-changed_at"))[:100]]


def counts(boards: Collection[int]) -> dict[str, int]:
    """How many shown ideas of these boards have each status."""
    rows = Idea.objects.filter(SHOWN, STANDING, board__in=boards).values_list("status")
    return dict(rows.annotate(count=Count("pk")).order_by())


def votes(idea: int) -> list[dict[str, Any]]:
    """Who stands behind an idea and its family, the newest first: who they are and who voted."""
    rows = Vote.objects.filter(idea__in=families.family(idea)).order_by("-at", "-pk")
    found = rows.values(
        "id", "at", "case", "person_id", person_name=F("person__name"),
        member_name=F("member__name"), by_name=F("by__name"),
    )  # fmt: skip
    return [dict(row) for row in found[:200]]


def wanted_by(person: int) -> list[dict[str, Any]]:
    """The ideas that somebody, or whoever is one with them, stands behind."""
    actor_rows = Vote.objects.filter(person__in=together(person)).order_by("-at")
    found = list(actor_rows.values_list("idea", flat=True)[:50])
    roots = families.roots(found)
    return these(dict.fromkeys(roots[one] for one in found))


class Supporter(NamedTuple):
    """Somebody who stands behind an idea and may be told what became of it.

    Attributes:
        person: whom they stand for as a person; None for a member.
        mail: where they can be written to; empty if nobody knows.
        name: what to call them; may be empty.
        language: what they read, ko or en.
        idea: the one of the asked ideas through which they are found.
    """

    person: int | None
    mail: str
    name: str
    language: str
    idea: int


def supporters(idea_ids: Iterable[int]) -> Iterator[Supporter]:
    """Everybody who stands behind these ideas and what is part of them, each once.

    Somebody with several accounts, or several votes, is found once: by their first vote.
    """
    asked = list(dict.fromkeys(idea_ids))
    roots = families.roots(asked)
    asked_of = {root: idea for idea, root in reversed(list(roots.items()))}
    owner = {
        one: asked_of[root]
        for root, members in families.families(asked_of).items()
        for one in members
    }
    votes = Vote.objects.filter(idea__in=owner, idea__state=State.OPEN).order_by("at", "pk")
    rows = list(votes.select_related("person", "member"))
    whose = families.standing_people(votes)
    mails = _mails(
        {row.person_id: whose.get(row.person_id, row.person_id) for row in rows if row.person_id}
    )
    seen: set[tuple[int | None, int | None]] = set()
    for row in rows:
        person = whose.get(row.person_id, row.person_id) if row.person_id else None
        if (person, row.member_id) in seen:
            continue
        seen.add((person, row.member_id))
        who = row.person or row.member
        mail = row.member.email if row.member else mails.get(person or 0, "")
        name = who.name if who else ""
        yield Supporter(person, mail, name, row.language, owner[row.idea_id])


def mentions_of(idea_ids: Iterable[int]) -> list[str]:
    """The mentions that these ideas and what is part of them came in as, and what customers had
    said when somebody voted for them in their case."""
    members = _with_parts(idea_ids)
    rows = Idea.objects.filter(pk__in=members).exclude(mention="").order_by("pk")
    votes: Any = Vote.objects.filter(idea__in=members, case__isnull=False).order_by("at", "pk")
    asked = _last_said(dict(votes.values_list("case", "at")))
    return [*rows.values_list("mention", flat=True), *asked]


def _last_said(until: dict[int, datetime]) -> Iterator[str]:
    """The last mention in each case up to a moment; a case that was joined is asked as a whole."""
    wholes = joining.roots(until)
    said: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for some in chunks(sorted(set(wholes.values()))):
        heard = Message.objects.filter(
            conversation__case__in=some, direction=Message.Direction.IN, mention__isnull=False
        )
        for case, at, mention in heard.values_list("conversation__case", "at", "mention"):
            said[case].append((at, str(mention)))
    for case, moment in until.items():
        before = [one for one in said[wholes[case]] if one[0] <= moment]
        if before:
            yield max(before)[1]


def written_to(idea_ids: Iterable[int]) -> set[int]:
    """The people who are told by letter what becomes of these ideas and what is part of them."""
    members = _with_parts(idea_ids)
    rows = Subscription.objects.filter(idea__in=members, stopped_at=None, person__isnull=False)
    whose = families.standing_people(rows)
    return {whose.get(person, person) for person in rows.values_list("person", flat=True)}


def _with_parts(idea_ids: Iterable[int]) -> list[int]:
    """These ideas, and everything that is part of the same one as they are."""
    whole = set(families.roots(idea_ids).values())
    return [one for some in families.families(whole).values() for one in some]


_SAID: Final = (
    "id", "idea_id", "body", "state", "at", "person_id", "member_id", "visitor", "member_name",
)  # fmt: skip


def _named() -> Subquery:
    """What a visitor calls themselves here; never what members call them."""
    accounts = Identity.objects.filter(channel=CHANNEL, person=OuterRef("person"))
    return Subquery(accounts.order_by("pk").values("name")[:1])


def _told(rows: QuerySet[Idea]) -> Any:
    """Ideas as dictionaries, with the names of their boards and authors."""
    named = rows.annotate(visitor=_named(), member_name=F("member__name"))
    return named.values(
        *_FIELDS, "visitor", "member_name",
        board_name=F("board__name"), board_name_en=F("board__name_en"),
        audience=F("board__audience"),
    )  # fmt: skip


def _by(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Comments with the names of those who wrote them."""
    return comments.annotate(visitor=_named(), member_name=F("member__name"))


def _with_comments(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give ideas the number of shown comments of their families."""
    everybody = families.families(row["id"] for row in rows)
    owner = {one: root for root, members in everybody.items() for one in members}
    said = Comment.objects.filter(idea__in=owner, state=State.OPEN).values_list("idea")
    many: dict[int, int] = {}
    for idea, count in said.annotate(count=Count("pk")).order_by():
        many[owner[idea]] = many.get(owner[idea], 0) + count
    for row in rows:
        row["comment_count"] = many.get(row["id"], 0)
    return rows


def _ranked(shown: QuerySet[Idea], query: str) -> dict[int, int]:
    """Where each idea stands whose words, or those of what is part of it, fit a query."""
    found = index.found(shown, query)
    roots = families.roots(found)
    return {root: place for place, root in enumerate(dict.fromkeys(roots[one] for one in found))}


def _page_of(ids: list[int], page: int | str, size: int) -> Page[dict[str, Any]]:
    found: Any = Paginator(ids, size).get_page(page)
    found.object_list = _with_comments(these(found.object_list))
    return found  # type: ignore[no-any-return]


def _theirs(rows: Any, actor: Actor | None, ideas: Iterable[int]) -> set[int]:
    if actor is None:
        return set()
    everybody = families.families(ideas)
    owner = {one: root for root, members in everybody.items() for one in members}
    return {
        owner[idea]
        for idea in rows.filter(actor.theirs, idea__in=owner).values_list("idea", flat=True)
    }


def _mails(whose: dict[int, int]) -> dict[int, str]:
    """A mail address of each standing person: one they proved on the portal, else any account."""
    found: dict[int, str] = {}
    people = sorted(whose)
    for piece in chunks(people):
        accounts = Identity.objects.filter(
            Q(channel=CHANNEL) | Q(channel="email"), person__in=piece
        )
        rows = accounts.order_by("-verified", "pk").values_list("person", "external_id")
        for person, mail in rows:
            if "@" in mail:
                found.setdefault(whose[person], mail)
    return found

"""The single steps of the way of a mention, in words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from sori import words
from sori.change.initiatives.models import Initiative
from sori.change.loops.models import LoopNotice
from sori.change.models import Ending, Theme
from sori.change.outcomes.models import Outcome
from sori.change.stories.models import Story
from sori.listen.models import Query, Source
from sori.respond import routing
from sori.respond.models import Case, Clock, Decision, Message
from sori.tracing.wording import deserved


class Step(NamedTuple):
    """One thing that was done with a mention, or became of it.

    Attributes:
        sort: "heard", "understood", "case", "answer", "promise", "declined", "theme", "signed",
            "idea", "initiative", "told", "outcome", "story" or "withdrawn".
        title: what it is, in a few words.
        at: when, None where nothing says so.
        lines: more of it, one line each.
        path: where it is at home, "" for nowhere or for who may not go there.
        took: seconds since it was said, where that matters.
    """

    sort: str
    title: str
    at: datetime | None = None
    lines: tuple[str, ...] = ()
    path: str = ""
    took: float | None = None


def heard(row: Mapping[str, Any]) -> Step:
    """When, where and why we heard it."""
    source = Source.objects.filter(pk=row["source"]).values_list("name", flat=True).first()
    where = " · ".join(filter(None, (words.channel(row["channel"]), source)))
    rules = Query.objects.filter(pk__in=row["queries"] or ()).order_by("pk")
    found = [
        pgettext("trace", "Found by the rule “%(name)s”") % {"name": name}
        for name in rules.values_list("name", flat=True)
    ]
    took = (row["heard_at"] - routing.said_at(row)).total_seconds()
    return Step(
        "heard", pgettext("trace", "Heard"), row["heard_at"], (where, *found), "", took or None
    )


def understood(row: Mapping[str, Any], decision: routing.Decision) -> Step:
    """What it means, and whether it deserved an answer."""
    kinds = [row["kind"], *(one for one in row["also"] or () if one != row["kind"])]
    said = " · ".join([*map(words.kind, kinds), words.urgency(row["urgency"])])
    lines = (said, deserved(decision.reason, deserves=decision.deserves))
    return Step("understood", pgettext("trace", "Understood"), None, lines)


def of_case(number: int, since: datetime, *, private: bool) -> Iterator[Step]:
    """Its case, and what was answered, promised or signed in it after it was said."""
    case = Case.objects.select_related("owner", "department").get(pk=number)
    lines = [str(case.get_status_display())]
    if case.department:
        lines.append(case.department.name)
    lines.append(
        pgettext("trace", "%(name)s answers for it") % {"name": case.owner.name}
        if case.owner
        else pgettext("trace", "Nobody answers for it yet")
    )
    running = case.clocks.filter(outcome=Clock.Outcome.RUNNING).order_by("due_at").first()
    if running:
        until = date_format(running.due_at, "SHORT_DATETIME_FORMAT")
        lines.append(pgettext("trace", "A clock runs until %(time)s") % {"time": until})
    path = reverse("respond:case", kwargs={"case": case.pk}) if private else ""
    title = pgettext("trace", "Case #%(number)s") % {"number": case.pk}
    yield Step("case", title, case.opened_at, tuple(lines), path)
    yield from _answers(case, since)
    for decision in case.decisions.filter(at__gte=since).select_related("member").order_by("at"):
        yield _declined(decision)


def _answers(case: Case, since: datetime) -> Iterator[Step]:
    """The first acknowledgement and the first answer that came after it."""
    sent = Message.objects.filter(
        conversation__case=case,
        direction=Message.Direction.OUT,
        state=Message.State.SENT,
        notice=False,
    ).annotate(asked_at=Max("answers__at"))
    done = set()
    for one in sent.select_related("member", "promise").order_by("sent_at", "pk"):
        at = max(filter(None, (one.sent_at or one.at, one.asked_at)))
        promise = getattr(one, "promise", None)
        sort = "promise" if promise else "answer"
        if at < since or sort in done:
            continue
        done.add(sort)
        who = {"name": one.member.name if one.member else _("The machine")}
        took = ((one.sent_at or one.at) - since).total_seconds()
        if promise:
            until = date_format(promise.due_at, "SHORT_DATETIME_FORMAT")
            line = pgettext("trace", "An answer is promised until %(time)s") % {"time": until}
            title = pgettext("trace", "Acknowledged by %(name)s") % who
            yield Step(sort, title, one.sent_at, (line,), "", max(took, 0))
        else:
            title = pgettext("trace", "Answered by %(name)s") % who
            yield Step(sort, title, one.sent_at, (), "", max(took, 0))


def _declined(decision: Decision) -> Step:
    title = pgettext("trace", "%(name)s signed: no answer") % {"name": decision.member.name}
    lines = [str(decision.get_reason_display())]
    if decision.words:
        lines.append(decision.words)
    if decision.review_on:
        day = date_format(decision.review_on, "SHORT_DATE_FORMAT")
        lines.append(pgettext("trace", "Looked at again on %(day)s") % {"day": day})
    return Step("declined", title, decision.at, tuple(lines))


def of_theme(number: int) -> Step:
    """The theme it is counted with."""
    theme = Theme.objects.get(pk=number)
    many = ngettext("%(num)s person", "%(num)s people", theme.people)
    lines = [many % {"num": number_format(theme.people, force_grouping=True)}]
    if theme.hidden:
        lines.append(pgettext("trace", "The theme was dismissed"))
    path = reverse("change:theme", kwargs={"theme": theme.pk})
    title = pgettext("trace", "Theme “%(name)s”") % {"name": theme.name}
    return Step("theme", title, None, tuple(lines), path)


def signed(mention: str) -> Iterator[Step]:
    """What somebody signed of it alone."""
    for row in Ending.objects.filter(mention=mention).select_related("member"):
        title = f"{row.member.name}: {row.get_verdict_display()}"
        yield Step("signed", title, row.at, (row.why,))


def of_idea(number: int | None) -> Iterator[Step]:
    """The idea of the portal that it is."""
    if number is not None:
        title = pgettext("trace", "Idea #%(number)s on the portal") % {"number": number}
        yield Step("idea", title, None, (), reverse("ideas:one", kwargs={"idea": number}))


def of_initiatives(numbers: Sequence[int]) -> Iterator[Step]:
    """The initiatives it speaks for, with how far each has come."""
    rows = Initiative.objects.filter(pk__in=numbers).select_related("owner").order_by("pk")
    for row in rows:
        lines = [str(row.get_stage_display())]
        if row.decision:
            lines.append(str(row.get_decision_display()))
        if row.owner:
            lines.append(row.owner.name)
        path = reverse("initiatives:initiative", kwargs={"initiative": row.pk})
        yield Step("initiative", row.title, row.moved_at, (" · ".join(lines),), path)


def told(row: Mapping[str, Any], initiatives: Sequence[int]) -> Iterator[Step]:
    """What its author was told of those initiatives."""
    notices = LoopNotice.objects.filter(
        telling__initiative__in=initiatives,
        identity__channel=row["channel"],
        identity__external_id=row["author_id"],
    )
    for notice in notices.select_related("telling", "message").order_by("pk"):
        at = notice.message.sent_at if notice.message else notice.handed_at
        path = reverse("loops:tell", kwargs={"initiative": notice.telling.initiative_id})
        title = pgettext("trace", "Told what became of it")
        outcome = str(notice.telling.get_outcome_display())
        yield Step("told", title, at, (outcome, str(notice.get_state_display())), path)


def brought(initiatives: Sequence[int]) -> Iterator[Step]:
    """What the changes have brought, and the stories that tell of them."""
    outcomes = Outcome.objects.filter(initiative__in=initiatives).order_by("initiative", "pk")
    for outcome in outcomes:
        path = reverse("outcomes:outcome", kwargs={"initiative": outcome.initiative_id})
        title = pgettext("trace", "Effect: %(verdict)s")
        words_ = {"verdict": outcome.get_verdict_display()}
        yield Step("outcome", title % words_, outcome.looked_at, (), path)
    shown = Story.objects.filter(initiative__in=initiatives, state=Story.State.PUBLISHED)
    for story in shown.order_by("pk"):
        path = reverse("stories:story", kwargs={"story": story.pk})
        yield Step("story", pgettext("trace", "A story tells of it"), story.published_at, (), path)


def withdrawn(message: Message) -> Step:
    """It was deleted where it was said."""
    title = pgettext("trace", "Deleted where it was said; the words are gone here too")
    return Step("withdrawn", title, message.withdrawn_at)

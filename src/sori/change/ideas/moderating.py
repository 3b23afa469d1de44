"""What members decide about ideas: show or hide, say it better, and what is the same as what.

A merge sets one pointer and a parting takes it away; votes, comments and subscriptions stay where
they were given, and are read over the whole family. So whatever was merged, in whatever order, is
undone exactly.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from sori.change.ideas import cleaning, families, index, likeness
from sori.change.ideas.models import (
    LONGEST_BODY,
    LONGEST_TITLE,
    Board,
    Comment,
    Idea,
    State,
)
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.staff.models import Member


def show(*, idea: Idea, member: Member) -> None:
    """Let everybody see an idea whom its board is for.

    Raises:
        Refused: its words were forgotten with their author.
    """
    with write_atomic():
        row = families.lock([idea.pk])[idea.pk]
        if not row.title:
            raise Refused(_("Its words are gone. Write it in your own first."))
        _move(row, State.OPEN, "idea.shown", member)


def hide(*, idea: Idea, member: Member) -> None:
    """Take an idea out of everybody's sight; it stays with those who moderate.

    Raises:
        Refused: others were merged into it.
    """
    with write_atomic():
        row = families.lock([idea.pk])[idea.pk]
        if Idea.objects.filter(merged_into=row).exists():
            raise Refused(_("Others are part of this idea. Take them out first."))
        _move(row, State.HIDDEN, "idea.hidden", member)


def reword(*, idea: Idea, member: Member, title: str, body: str, board: Board) -> None:
    """Say an idea in better words, or move it to another board.

    Raises:
        Refused: nothing is left of the title, or the two boards are not seen by the same people.
    """
    title = cleaning.one_line(title, LONGEST_TITLE)
    if not title:
        raise Refused(_("Say in a few words what you wish for."))
    with write_atomic():
        row = families.lock([idea.pk])[idea.pk]
        if row.board.audience != board.audience:
            raise Refused(_("An idea stays with those who could read it when it was written."))
        row.title, row.body, row.board = title, cleaning.paragraphs(body, LONGEST_BODY), board
        row.changed_at = timezone.now()
        likeness.fill([row])
        row.save(update_fields=["title", "body", "board", "vector", "tier", "changed_at"])
        index.remember(row)
        record("idea.reworded", f"idea:{row.pk}", member=member)


def merge(*, idea: Idea, into: Idea, member: Member) -> None:
    """Let an idea be part of another one, with everybody who stands behind it.

    Raises:
        Refused: they are one already, one of them is not shown, or not everybody who reads the
            one may read the other.
    """
    with write_atomic():
        rows = families.lock([idea.pk, into.pk])
        row, other = rows[idea.pk], rows[into.pk]
        if row.pk == other.pk or row.merged_into_id or other.merged_into_id:
            raise Refused(_("Choose an idea that stands by itself."))
        if row.state != State.OPEN or other.state != State.OPEN:
            raise Refused(_("Show both ideas first."))
        if row.board.audience != other.board.audience:
            raise Refused(_("One of them is for colleagues only; these two stay apart."))
        Idea.objects.filter(pk=row.pk).update(merged_into=other)
        families.recount([other.pk])
        record("idea.merged", f"idea:{row.pk}", member=member, into=other.pk)


def part(*, idea: Idea, member: Member) -> None:
    """Take a merge back; those who were merged into it before stay with it.

    Raises:
        Refused: it stands by itself.
    """
    with write_atomic():
        root = families.roots([idea.pk])[idea.pk]
        row = families.lock([idea.pk, root])[idea.pk]
        into = row.merged_into_id
        if into is None:
            raise Refused(_("It stands by itself already."))
        # one whose words were forgotten with their author cannot stand by itself
        state = row.state if row.title else State.WAITING
        Idea.objects.filter(pk=row.pk).update(merged_into=None, state=state)
        families.recount([row.pk, into])
        record("idea.parted", f"idea:{row.pk}", member=member, out_of=into)


def show_comment(*, comment: Comment, member: Member) -> None:
    """Let everybody read a comment who may read its idea."""
    _move_comment(comment, State.OPEN, "idea.comment_shown", member)


def hide_comment(*, comment: Comment, member: Member) -> None:
    """Take a comment out of everybody's sight."""
    _move_comment(comment, State.HIDDEN, "idea.comment_hidden", member)


def _move(row: Idea, state: str, kind: str, member: Member) -> None:
    if row.state == state:
        return
    row.state, row.changed_at = state, timezone.now()
    row.save(update_fields=["state", "changed_at"])
    families.recount([row.pk])
    record(kind, f"idea:{row.pk}", member=member)


def _move_comment(comment: Comment, state: str, kind: str, member: Member) -> None:
    with write_atomic():
        if Comment.objects.filter(pk=comment.pk).exclude(state=state).update(state=state):
            record(kind, f"idea:{comment.idea_id}", member=member, comment=comment.pk)

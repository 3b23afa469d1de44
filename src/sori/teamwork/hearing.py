"""Take up what colleagues answer by mail: a note in the case, exactly once.

It happens in the very transaction in which the desk takes up the voice (`respond.signals.heard`),
so a crash undoes both and both are done again. The channel has already checked the signature of the
Message-ID; whether we asked that question, and whom, is checked here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from sori.channels.mail.addresses import normal
from sori.journal.services import record
from sori.respond.models import Case, Note
from sori.respond.routing import extra
from sori.respond.sending import State
from sori.respond.services import LONGEST_NOTE
from sori.respond.signals import heard
from sori.staff.models import Member
from sori.teamwork.asking import digest_of
from sori.teamwork.models import Answer, Question


def listen() -> None:
    """Connect; called once at start."""
    heard.connect(_heard, dispatch_uid="teamwork")


def accounts() -> list[tuple[str, str]]:
    """The accounts of everybody who answered as a colleague: no customers, counted nowhere."""
    found = Answer.objects.order_by("address").values_list("address", flat=True).distinct()
    return [("email", address) for address in found if address]


def _heard(*, rows: Sequence[Mapping[str, Any]], **_: Any) -> None:
    known = [(row, extra(row)) for row in rows if row["channel"] == "email"]
    bounced = {_about(told): told for _row, told in known if _about(told)}
    if bounced:
        _bounce(bounced)
    answers = [(row, told) for row, told in known if told.get("asked") and not _about(told)]
    asked = [(row, str(told["asked"])) for row, told in answers]
    if not asked:
        return
    digests = {digest_of(key) for _row, key in asked}
    questions = {
        one.digest: one
        for one in Question.objects.filter(digest__in=digests).select_related("asked_by")
    }
    there = set(
        Answer.objects.filter(mention__in=[row["id"] for row, _key in asked]).values_list(
            "mention", flat=True
        )
    )
    for row, key in asked:
        question = questions.get(digest_of(key))
        if question and row["id"] not in there:
            _take_up(row, question, by_machine=bool(extra(row).get("automatic")))


def _take_up(row: Mapping[str, Any], question: Question, *, by_machine: bool) -> None:
    """Make a note of an answer; what a machine wrote (an absence notice) leaves it unanswered."""
    address = normal(str(row.get("author_id") or ""))
    now = timezone.now()
    writer = Member.objects.filter(email=address, is_active=True).first()
    case = Case.objects.select_for_update().get(pk=question.case_id)
    note = Note.objects.create(
        case=case,
        member=writer or question.asked_by,
        body=str(row["text"]).replace("\0", "").strip()[:LONGEST_NOTE],
        by_mail=address or str(row.get("author_name") or "?")[:254],
        at=now,
    )
    other = address != question.address
    Answer.objects.create(
        question=question, mention=row["id"], address=address, other=other, note=note, at=now
    )
    if not by_machine:
        Question.objects.filter(pk=question.pk, answered_at=None).update(answered_at=now)
    # an answer proves that an unclear question had arrived
    unclear = Question.objects.filter(pk=question.pk, state=State.UNKNOWN)
    unclear.update(state=State.SENT, due_at=None)
    case.updated_at = max(case.updated_at, now)
    case.save(update_fields=["updated_at"])
    about = f"case:{case.pk}"
    record(
        "question.answered",
        about,
        question=question.pk,
        note=note.pk,
        asked_by=question.asked_by_id,
        other=other,
        by_machine=by_machine,
    )


def _about(told: Mapping[str, Any]) -> str:
    """The Message-ID of what a mail server sent back; "" when it did not, or only will be late."""
    bounce = told.get("bounce")
    if not isinstance(bounce, dict) or bounce.get("action", "failed") != "failed":
        return ""
    return str(bounce.get("about") or "")


def _bounce(reports: Mapping[str, Mapping[str, Any]]) -> None:
    """A mail server sent a question back: it was not delivered after all."""
    sent = Question.objects.filter(external_id__in=reports, state=State.SENT, answered_at=None)
    for question in sent:
        why = str(reports[question.external_id]["bounce"].get("status") or "")
        question.state, question.evidence = Question.State.REJECTED, f"sent back {why}".strip()
        question.save(update_fields=["state", "evidence"])
        about, asked_by = f"case:{question.case_id}", question.asked_by_id
        record("question.refused", about, question=question.pk, asked_by=asked_by, why="bounced")

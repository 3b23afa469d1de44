"""Ask for studies, ask again, throw them away."""

from datetime import date

from django.db.models import F
from django.utils import timezone

from sori.change.studies.models import Study
from sori.database import write_atomic
from sori.journal.services import record
from sori.listen.language import parse
from sori.staff.models import Member


def ask(
    *,
    member: Member,
    name: str,
    question: str,
    rule: str,
    rule_name: str,
    rival: str,
    rival_name: str,
    since: date,
    until: date,
) -> Study:
    """Let a worker gather what people say about something.

    Args:
        member: who wants to know.
        name: what the study is called.
        question: what they want to know, in a sentence.
        rule: which voices it is about, written like a listening rule.
        rule_name: what the rule picks, in a word.
        rival: a second rule to compare with; "" for none.
        rival_name: what that one picks.
        since: the first day.
        until: the last day.

    Raises:
        LanguageError: when a rule cannot be read; nothing is saved.
    """
    for expression in filter(None, (rule, rival)):
        parse(expression)
    now = timezone.now()
    with write_atomic():
        study = Study.objects.create(
            name=name,
            question=question,
            rule=rule,
            rule_name=rule_name,
            rival=rival,
            rival_name=rival_name,
            since=since,
            until=until,
            created_by=member,
            created_at=now,
            due_at=now,
        )
        record("study.asked", f"study:{study.pk}", member=member, again=False)
        return study


def ask_again(*, study: Study, member: Member) -> None:
    """Let it be gathered anew; what was found before is shown until then."""
    with write_atomic():
        # a worker that is busy with it has lost it from here on
        Study.objects.filter(pk=study.pk).update(
            state=Study.State.WAITING,
            due_at=timezone.now(),
            lease_until=None,
            fence=F("fence") + 1,
            done=0.0,
            problem="",
        )
        record("study.asked", f"study:{study.pk}", member=member, again=True)


def delete(*, study: Study, member: Member) -> None:
    """Throw a study away; the voices stay where they are."""
    with write_atomic():
        record("study.deleted", f"study:{study.pk}", member=member)
        study.delete()

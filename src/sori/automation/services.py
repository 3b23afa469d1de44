"""Write, order, switch and throw away rules and macros, and run a macro."""

from collections.abc import Iterable

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.automation.actions import Doing, carry_out
from sori.automation.deciding import Action
from sori.automation.editing import Script
from sori.automation.models import Macro, Rule
from sori.database import shift, unique, write_atomic
from sori.journal.services import record
from sori.respond.models import Case
from sori.staff.models import Department, Member


def save_rule(*, rule: Rule | None, script: Script, member: Member) -> Rule:
    """Write a rule, a new one at the end of the order and switched off.

    Raises:
        Refused: when another has this name.
    """
    with write_atomic():
        last = Rule.objects.aggregate(last=Max("position"))["last"] or 0
        row = rule or Rule(position=last + 1)
        for name in ("name", "trigger", "hours", "any_of", "stop"):
            setattr(row, name, getattr(script, name))
        row.conditions, row.actions = _plain(script.conditions), _plain(script.actions)
        row.member, row.updated_at, row.failures, row.trouble = member, timezone.now(), 0, ""
        with unique(_("There is another rule of this name.")):
            row.save()
        kind = "rule.changed" if rule else "rule.added"
        record(kind, _about(row), member=member, name=row.name, active=row.active)
        return row


def switch(*, rule: Rule, on: bool, member: Member) -> None:
    """Let a rule act from now on, or not any more."""
    with write_atomic():
        row = Rule.objects.select_for_update().get(pk=rule.pk)
        if row.active == on:
            return
        row.active, row.since = on, timezone.now() if on else None
        row.failures, row.trouble = 0, ""
        row.save(update_fields=["active", "since", "failures", "trouble"])
        kind = "rule.switched_on" if on else "rule.switched_off"
        record(kind, _about(row), member=member, name=row.name)


def move(*, rule: Rule, up: bool, member: Member) -> None:
    """Let a rule be asked before the one over it, or after the one under it."""
    with write_atomic():
        if shift(Rule.objects.all(), rule.pk, -1 if up else 1):
            record("rule.moved", _about(rule), member=member)


def delete_rule(*, rule: Rule, member: Member) -> None:
    """Throw a rule away, with the list of its runs; the journal keeps what it did."""
    with write_atomic():
        record("rule.deleted", _about(rule), member=member, name=rule.name)
        rule.delete()


def save_macro(
    *, macro: Macro | None, script: Script, department: Department | None, member: Member
) -> Macro:
    """Write a macro, for one department or for everybody.

    Raises:
        Refused: when another has this name.
    """
    with write_atomic():
        row = macro or Macro()
        row.name, row.department, row.actions = script.name, department, _plain(script.actions)
        row.member, row.updated_at = member, timezone.now()
        with unique(_("There is another macro of this name.")):
            row.save()
        record("macro.kept", f"macro:{row.pk}", member=member, name=row.name)
        return row


def delete_macro(*, macro: Macro, member: Member) -> None:
    """Throw a macro away."""
    with write_atomic():
        record("macro.deleted", f"macro:{macro.pk}", member=member, name=macro.name)
        macro.delete()


def run_macro(*, macro: Macro, case: int, member: Member) -> None:
    """Do all a macro says to a case, or nothing of it.

    Raises:
        Refused: when one of its actions makes no sense as things stand.
    """
    actions = [Action(*one) for one in macro.actions]
    with write_atomic():
        Case.objects.select_for_update().get(pk=case)
        # first, so that the timeline tells it before what it brought about
        record(
            "macro.run",
            f"case:{case}",
            member=member,
            macro=macro.pk,
            name=macro.name,
            actions=[one.sort for one in actions],
        )
        carry_out(actions, Doing(case, member, macro.name))


def _plain(lines: Iterable[tuple[str, ...]]) -> list[list[str]]:
    return [list(one) for one in lines]


def _about(rule: Rule) -> str:
    return f"rule:{rule.pk}"

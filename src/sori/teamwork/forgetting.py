"""What departments wrote to each other about a person: forgotten with them, and taken along."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final

from sori.database import write_atomic
from sori.respond.forgetting import cases_of
from sori.teamwork.models import Answer, Question, Task

_PIECE: Final = 50


def forget(people: Collection[int]) -> Counter[str]:
    """Delete the tasks and questions of all cases that are theirs, before the desk forgets those.

    A case that holds somebody else's conversation too loses its tasks as it loses its notes, for
    nobody can tell of whom their words speak.
    """
    cases = cases_of(people)
    gone: Counter[str] = Counter()
    for start in range(0, len(cases), _PIECE):
        with write_atomic():
            some = cases[start : start + _PIECE]
            tasks, _each = Task.objects.filter(case__in=some).delete()
            Question.objects.filter(case__in=some).delete()
        gone["tasks"] += tasks
    return gone


def mentions_of(people: Collection[int]) -> list[str]:
    """What colleagues answered by mail about these people, by its name in the lake."""
    answers = Answer.objects.filter(question__case__in=cases_of(people))
    return list(answers.values_list("mention", flat=True))


def texts(people: Collection[int]) -> Iterator[dict[str, object]]:
    """What was asked and answered about these people, one dictionary each."""
    columns = ("case", "words", "answer", "status", "asked_at", "ended_at")
    tasks = Task.objects.filter(case__person__in=people).order_by("asked_at", "pk")
    for row in tasks.values(*columns):
        yield {"type": "task", **row}
    questions = Question.objects.filter(case__person__in=people).order_by("asked_at", "pk")
    for row in questions.values("case", "subject", "words", "asked_at", "answered_at"):
        yield {"type": "question", **row}

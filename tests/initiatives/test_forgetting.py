"""What initiatives hold of somebody goes with them; what others said stays."""

import pytest

from desk import opened
from sori.change.initiatives import forgetting, services
from sori.change.initiatives.models import Tally
from sori.portrait import erasing
from sori.portrait.erasing import erase_due

pytestmark = pytest.mark.django_db

GONE, STAYS = "20261120" + "1" * 20, "20261120" + "2" * 20


def test_it_forgets_sentences_and_cases(lake, begun, boss):
    case = opened(lake).conversation.case
    row = begun()
    for sort, key in (("mention", GONE), ("mention", STAYS), ("case", str(case.pk))):
        services.attach(initiative=row, member=boss, sort=sort, key=key, quote="말")
    Tally.objects.update(due_at=None)

    assert forgetting.forget(mentions=[GONE], cases=[case.pk]) == 2

    assert list(row.evidence.values_list("key", flat=True)) == [STAYS]
    assert Tally.objects.get().due_at is not None


def test_it_forgets_the_sentence_a_theme_was_quoted_with(begun, boss, theme):
    row = begun()
    services.attach(initiative=row, member=boss, sort="theme", key="7")

    forgetting.forget(mentions=[theme.central_mention], cases=[])

    piece = row.evidence.get()
    assert (piece.quote, piece.quoted) == ("", "")


def test_it_goes_when_somebody_is_forgotten_everywhere(lake, begun, boss):
    said = opened(lake)
    row = begun()
    for sort, key in (("mention", said.mention), ("case", str(said.conversation.case_id))):
        services.attach(initiative=row, member=boss, sort=sort, key=key, quote="비밀 이야기")

    erasing.begin(person=said.conversation.case.person_id, member=boss)
    erase_due()

    assert not row.evidence.exists()

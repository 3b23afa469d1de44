"""Kill -9 while people are told: in the end each of them was told once, and nobody was left out."""

from functools import partial

import pytest

import loops_of as loops
import oracle as channel
from desk import member
from dying import dying_at, ended, in_child
from promises_kept import leases_end
from sori.change.loops import handing
from sori.change.loops.models import Telling
from sori.people.merging import merge, part
from sori.respond import answering, outbox, sending
from sori.respond.models import Message
from sori.respond.sending import UNDECIDED

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 400


def tell_and_die(number: int) -> None:
    """Hand over and send what is due, and die at a moment."""
    with dying_at(number) as moment:
        channel.moment = moment
        handing.hand_due()
        outbox.deliver_due()


@pytest.mark.parametrize("stride", [23, pytest.param(3, marks=pytest.mark.slow)])
def test_it_dies_again_and_again_and_tells_everybody_once(lake, oracle, stride):
    names = [f"one{number}" for number in range(12)]
    made = loops.initiative(lake, *[loops.voice(oracle, name) for name in names])
    person, anna = {name: loops.person(name) for name in names}, member()
    merge(person=person["one1"], into=person["one0"], member=anna)
    merge(person=person["one3"], into=person["one2"], member=anna)
    telling = loops.approved(lake, made)

    lives = 0
    for turn in range(1, MOST):
        loops.time_passes()
        leases_end()
        lives += not ended(in_child(partial(tell_and_die, turn * stride)))
        if turn == 3:  # one more account of somebody who may have heard already
            merge(person=person["one11"], into=person["one0"], member=anna)
        if turn == 5 and _heard(telling, person["one3"]):
            part(person=person["one3"], member=anna)
        telling.refresh_from_db()
        if telling.state == Telling.State.DONE and not _on_its_way():
            break

    accepted = {line["key"] for line in channel.accepted(oracle.settings["book"])}
    for lost in Message.objects.filter(notice=True, state="unknown"):  # a person looks, and decides
        outcome = "sent" if lost.key in accepted else "resend"
        answering.settle_unknown(message=lost.pk, member=anna, outcome=outcome)
    while outbox.deliver_due():
        pass

    print(f"lives={lives} turns={turn}")  # noqa: T201 (CI shows how many died)
    assert lives >= 5
    told = [line["to"]["to"] for line in channel.accepted(oracle.settings["book"])]
    assert len(told) == len(set(told)) == 9
    assert telling.notices.filter(state="handed").count() == 9
    assert telling.heard.count() == 12
    assert set(Message.objects.filter(notice=True).values_list("state", flat=True)) == {"sent"}


def _heard(telling: Telling, person: int) -> bool:
    return telling.heard.filter(identity__person=person).exists()


def _on_its_way() -> bool:
    on_its_way = Message.objects.filter(notice=True, state__in=UNDECIDED)
    return on_its_way.exclude(state="unknown", looks__gte=len(sending.LOOKS)).exists()

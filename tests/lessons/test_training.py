"""Learning from corrections: asked for, done once, switched on if better, heard by every worker."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

import sori.lessons.training as training
from company_talk import plain, slang
from desk import batch, post, source
from sori.database import claim
from sori.errors import LakeError, Stale
from sori.journal.models import Event
from sori.knowing import knowledge
from sori.lake.store import Lake
from sori.lessons import services, versions
from sori.lessons.models import Training, Version
from sori.mention import mention_id
from sori.staff.models import Member
from sori.understand.pipeline import make_pipeline, model_name

pytestmark = pytest.mark.django_db


def teach(lake: Lake, who: Member, count: int, value: str = "complaint") -> None:
    """The lake hears a company's slang, and people correct some of it."""
    place = source("blog")
    rows = [post(place, text) for text in [*slang(160)[::2], *plain(300)]]
    lake.append(make_pipeline()(batch(*rows)), source=place.pk, sequence=1)
    for row in rows[:count]:
        name = mention_id(row["channel"], row["external_id"], row["published_at"])
        services.correct(mention=name, label="kind", value=value, member=who)


def kind_of(text: str) -> Any:
    said = batch(post(source("blog"), text))
    (row,) = make_pipeline(knowledge())(said).to_pylist()
    return row["kind"], row["model"]


def test_what_is_better_is_switched_on_and_heard_at_the_next_turn(
    lake: Lake, agent: Member
) -> None:
    teach(lake, agent, 80)
    strange = slang(1, 101)[0]
    assert kind_of(strange)[1] == model_name()
    told: list[float] = []

    version = training.retrain(member=agent, told=told.append)

    assert (version.number, version.state, version.examples) == (1, "active", 80)
    assert version.figures["kind"]["verdict"] == "better"
    assert kind_of(strange) == ("complaint", f"{model_name()}+own-1")
    assert told[-1] == 1.0
    kinds = list(Event.objects.filter(about="model:1").values_list("kind", flat=True))
    assert kinds == ["model.trained", "model.activated"]
    done = Training.objects.get()
    assert (done.waiting, done.version, done.lease_until) == (False, version, None)


def test_too_few_are_kept_and_change_nothing(lake: Lake, agent: Member) -> None:
    teach(lake, agent, 12)

    version = training.retrain()

    assert (version.state, bytes(version.weights)) == ("candidate", b"")
    assert version.figures["kind"]["verdict"] == "too_few"
    assert versions.own_heads() is None
    with pytest.raises(Version.DoesNotExist):
        versions.activate(version=1, member=agent)


def test_one_goes_back_and_forth(lake: Lake, agent: Member) -> None:
    teach(lake, agent, 80)
    training.retrain()
    training.retrain()
    first, second = Version.objects.order_by("number")
    assert (first.state, second.state) == ("retired", "active")
    assert kind_of("네")[1].endswith("+own-2")

    versions.roll_back(to=1, member=agent)
    assert kind_of("네")[1].endswith("+own-1")
    versions.roll_back(to=None, member=agent)
    assert kind_of("네")[1] == model_name()
    versions.activate(version=2, member=agent)
    assert kind_of("네")[1].endswith("+own-2")
    rolled = Event.objects.filter(kind="model.rolled_back").order_by("id")
    assert [one.about for one in rolled] == ["model:1", "model:0"]


def test_a_version_that_does_not_exist_leaves_the_one_in_use(lake: Lake, agent: Member) -> None:
    teach(lake, agent, 80)
    training.retrain()
    with pytest.raises(Version.DoesNotExist):
        versions.roll_back(to=9, member=agent)
    assert Version.objects.get(state="active").number == 1


def test_the_database_allows_one_active_version(lake: Lake, agent: Member) -> None:
    teach(lake, agent, 80)
    training.retrain()
    training.retrain()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.update(state="active")


def test_heads_of_another_shipped_model_are_not_heard(lake: Lake, agent: Member) -> None:
    """After an update of Sori the company's own heads rest until they are learned again."""
    teach(lake, agent, 80)
    version = training.retrain()
    from sori.understand.company import read

    old = read(bytes(version.weights))
    stale = type(old)(old.name, "labels-0", old.places, old.table).written()
    Version.objects.update(weights=stale)
    versions._kept = None

    assert kind_of(slang(1, 250)[0])[1] == model_name()


def test_two_do_not_learn_at_once(lake: Lake, agent: Member) -> None:
    training.ask_to_retrain(member=agent)
    claim(Training.objects.all(), lease=training.LEASE)
    with pytest.raises(Stale):
        training.retrain()
    assert training.train_due() == 0


def test_what_went_wrong_is_told_and_not_tried_for_ever(
    lake: Lake, agent: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> Any:
        raise LakeError("the disk is full")

    monkeypatch.setattr(training, "random_voices", broken)
    training.ask_to_retrain(member=agent)
    with pytest.raises(LakeError):
        training.train_due()
    failed = Training.objects.get()
    assert (failed.waiting, failed.error) == (False, "the disk is full")
    assert training.train_due() == 0

"""What could not be read is kept sealed, and read again once, through the same ledger."""

import pytest

from fake_channels import Fake, Rereading, page
from sori import flow
from sori.errors import Refused
from sori.lake.store import Lake
from sori.listen.models import Quarantine, Run, Source
from sori.listen.selectors import quarantine
from sori.listen.selectors import source as health_of
from sori.listen.services import pause, replay
from voices import numbers

pytestmark = pytest.mark.django_db(transaction=True)


def stored(lake: Lake) -> list[int]:
    return sorted(n for _, rows in lake.since(-1) for n in numbers(rows))


def turn(source: Source) -> int:
    return flow.turn(Source.objects.get(pk=source.pk))


def test_it_is_sealed(source_of) -> None:
    turn(source_of(Fake(page("주민번호 850101-1234567"))))
    assert b"850101" not in bytes(Quarantine.objects.get().raw)


def test_it_is_read_again_once(source_of, lake: Lake) -> None:
    source = source_of(Rereading(page("post 7", 1)))
    turn(source)
    item = Quarantine.objects.get()
    replay(quarantine=item, member=None)
    assert turn(source) == 1
    item.refresh_from_db()
    assert (stored(lake), item.outcome) == ([1, 7], "stored")
    assert item.settled_at is not None
    assert quarantine() == []
    assert turn(source) == 0
    with pytest.raises(Refused):
        replay(quarantine=item, member=None)
    ledger = health_of(source.pk).ledger
    assert (ledger.seen, ledger.stored, ledger.quarantined) == (3, 2, 1)


def test_asking_twice_reads_once(source_of) -> None:
    source = source_of(Rereading(page("post 7")))
    turn(source)
    item = Quarantine.objects.get()
    replay(quarantine=item, member=None)
    with pytest.raises(Refused):
        replay(quarantine=item, member=None)


def test_what_still_cannot_be_read_stays(source_of) -> None:
    channel = Rereading(page("post 7"))
    channel.learned = False
    source = source_of(channel)
    turn(source)
    replay(quarantine=Quarantine.objects.get(), member=None)
    turn(source)
    (waiting,) = quarantine(source.pk)
    assert waiting["outcome"] == "still cannot be read"
    assert waiting["asked_at"] is None
    channel.learned = True
    replay(quarantine=Quarantine.objects.get(), member=None)
    assert turn(source) == 1


def test_what_was_heard_in_another_way_meanwhile_is_not_doubled(source_of, lake: Lake) -> None:
    source = source_of(Rereading(page("post 7"), page(7)))
    turn(source)
    replay(quarantine=Quarantine.objects.get(), member=None)
    assert turn(source) == 0
    assert (stored(lake), Quarantine.objects.get().outcome) == ([7], "heard before")


def test_a_paused_source_can_still_be_read_again(source_of, lake: Lake) -> None:
    channel = Rereading(page("post 7"))
    source = source_of(channel)
    turn(source)
    pause(source=source, member=None)
    channel.script.append(page(8))
    replay(quarantine=Quarantine.objects.get(), member=None)
    while flow.turn_due():
        pass
    assert stored(lake) == [7]


def test_a_crash_in_between_reads_it_once(source_of, lake: Lake, monkeypatch) -> None:
    source = source_of(Rereading(page("post 7")))
    turn(source)
    replay(quarantine=Quarantine.objects.get(), member=None)
    real = Lake.append

    def dies(self: Lake, *args: object, **kwargs: object) -> int:
        real(self, *args, **kwargs)
        raise KeyboardInterrupt

    with monkeypatch.context() as crash, pytest.raises(KeyboardInterrupt):  # noqa: PT012
        crash.setattr(Lake, "append", dies)
        turn(source)
    assert Run.objects.filter(state=Run.State.PREPARED).count() == 1
    turn(source)
    assert (stored(lake), Quarantine.objects.get().outcome) == ([7], "stored")


def test_a_channel_that_cannot_says_so(source_of) -> None:
    turn(source_of(Fake(page("post 7"))))
    with pytest.raises(Refused):
        replay(quarantine=Quarantine.objects.get(), member=None)

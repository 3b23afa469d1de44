"""What is edited or deleted where it was said is edited or deleted here, within a run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fake_channels import Asked, Fake, page
from sori import amending, flow, mention
from sori.channels import registry
from sori.channels.contract import Page
from sori.errors import ChannelError
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.listen import memory, rechecking
from sori.listen.models import Recheck, Source, Withdrawal
from sori.listen.services import add_source
from sori.respond.models import Case, Clock, Message
from sori.respond.search import cases
from voices import NOON, voice

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
ASKS = {"addressed": True, "published_at": NOW, "heard_at": NOW, "reply_mode": "public"}


@pytest.fixture
def source_of(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes the one source, whose posts bear the name of its channel."""

    def make(channel: Fake) -> Source:
        monkeypatch.setattr(registry, "channel", {"fake": channel}.__getitem__)
        return add_source(name="fake", channel="fake", settings={})

    return make


def said(lake: Lake) -> dict[str, str]:
    rows = [row for _, table in lake.since(-1) for row in table.to_pylist()]
    return {row["external_id"]: row["text"] for row in rows}


def edited(number: int, text: str, **fields):
    return page()._replace(edited=mention.heard([voice(number, text=text, **fields)]))


def gone(*names: str):
    return page()._replace(gone=names)


def bytes_anywhere(home: Path, words: str) -> list[str]:
    wanted = words.encode()
    files = (file for file in home.rglob("*") if file.is_file())
    return [file.name for file in files if wanted in file.read_bytes()]


def test_a_post_that_is_deleted_is_gone_here_within_the_run(source_of, lake: Lake):
    source = source_of(Fake(page(1, 2, 3), gone("post-2")))

    flow.turn(source)
    amending.take_down_due()

    assert set(said(lake)) == {"post-1", "post-3"}
    row = Withdrawal.objects.get()
    assert row.done_at is not None
    assert row.due_at is None
    assert Event.objects.get(kind="source.withdrawn").data == {"mentions": 1}


def test_it_does_not_come_back(source_of, lake: Lake):
    source = source_of(Fake(page(1, 2), gone("post-2"), page(2, 3)))

    flow.turn(source)
    amending.take_down_due()
    flow.turn(source)

    assert set(said(lake)) == {"post-1", "post-3"}


def test_an_edited_post_says_what_it_says_now_and_is_understood_anew(source_of, lake: Lake):
    source = source_of(Fake(page(1, 2), edited(2, "배송 정말 빨라서 감사해요! 최고예요")))

    flow.turn(source)

    assert said(lake) == {
        "post-1": "배송이 늦어요 1",
        "post-2": "배송 정말 빨라서 감사해요! 최고예요",
    }
    rows = [row for _, table in lake.since(-1) for row in table.to_pylist()]
    kinds = {row["external_id"]: row["kind"] for row in rows}
    assert kinds == {"post-1": "complaint", "post-2": "praise"}
    assert {row["heard_at"] for row in rows} == {NOON}


def test_the_same_words_change_nothing(source_of, lake: Lake):
    flow.turn(source_of(Fake(page(1, 2))))
    before = lake.version()

    changed = amending.rewrite(mention.heard([voice(1)]))

    assert changed == 0
    assert lake.version() == before


def test_what_was_edited_before_we_heard_it_is_heard_once(source_of, lake: Lake):
    flow.turn(source_of(Fake(edited(5, "색이 달라요"), page(5))))

    assert said(lake) == {"post-5": "색이 달라요"}


def test_a_post_whose_time_moved_is_found_all_the_same(source_of, lake: Lake):
    later = NOON + timedelta(days=2)
    channel = Fake(page(1))
    source = source_of(channel)
    flow.turn(source)
    channel.script.append(edited(1, "다시 왔어요", published_at=later))

    flow.turn(source)

    rows = [row for _, table in lake.since(-1) for row in table.to_pylist()]
    assert [(row["text"], row["published_at"]) for row in rows] == [("다시 왔어요", NOON)]


def test_personal_numbers_in_new_words_are_blotted_out(source_of, lake: Lake):
    flow.turn(source_of(Fake(page(1), edited(1, "제 번호는 900101-1234567 이에요"))))

    assert "1234567" not in said(lake)["post-1"]


def test_praise_that_becomes_a_complaint_gets_its_case(source_of):
    public = ASKS | {"addressed": False, "public": True}
    praise, asks = "배송 정말 빨라서 감사해요! 최고예요", "주문한 게 아직도 안 왔어요. 언제 오나요?"
    channel = Fake(page(1, text=praise, **public))
    source = source_of(channel)
    flow.turn(source)
    flow.receive()
    assert not Case.objects.exists()
    channel.script.append(edited(1, asks, **public))

    flow.turn(source)
    flow.receive()

    assert Case.objects.get().excerpt == asks
    assert Message.objects.get().body == asks


def test_the_desk_says_what_the_post_says_now(source_of):
    flow.turn(source_of(Fake(page(1, **ASKS), edited(1, "환불은 언제 되나요?", **ASKS))))
    flow.receive()
    amending.rewrite(mention.heard([voice(1, text="교환은 언제 되나요?", **ASKS)]))

    message = Message.objects.get()
    case = Case.objects.get()
    assert message.body == "교환은 언제 되나요?"
    assert message.edited_at is not None
    assert (case.subject, case.excerpt) == ("교환은 언제 되나요?", "교환은 언제 되나요?")
    assert cases("교환은") == [case.pk]
    assert cases("환불은") == []
    assert Event.objects.filter(kind="message.edited").count() == 1


def test_a_case_of_which_nothing_is_left_is_settled_and_holds_no_word(source_of, home: Path):
    words = "비밀스러운불만을말해요"
    source = source_of(Fake(page(1, text=words, **ASKS)))
    flow.turn(source)
    flow.receive()
    assert Clock.objects.filter(outcome="running").exists()

    amending.take_down({_key()})

    message, case = Message.objects.get(), Case.objects.get()
    assert (message.body, message.url, message.kind) == ("", "", "")
    assert message.withdrawn_at is not None
    assert (case.subject, case.excerpt) == ("", "")
    assert case.status == Case.Status.RESOLVED
    assert not Clock.objects.filter(outcome="running").exists()
    assert cases(words) == []
    assert bytes_anywhere(home / "lake", words) == []


def _key() -> str:
    return mention.mention_key("fake", "post-1")


def test_a_case_with_other_words_stays_open(source_of):
    flow.turn(source_of(Fake(page(1, 8, thread_id="t", **ASKS))))
    flow.receive()
    assert Case.objects.count() == 1

    amending.take_down({_key()})

    case = Case.objects.get()
    assert case.status != Case.Status.RESOLVED
    assert case.excerpt == "배송이 늦어요 8"


def test_posts_are_looked_at_again_once_a_day_from_the_newest_back(source_of, lake: Lake):
    channel = Asked(page(1, 2, 3, published_at=NOW))
    source = source_of(channel)
    flow.turn(source)
    channel.gone, channel.said = {"post-3"}, {1: "고쳐 썼어요"}

    while amending.recheck_due():
        pass
    amending.take_down_due()

    assert said(lake) == {"post-1": "고쳐 썼어요", "post-2": "배송이 늦어요 2"}
    assert sorted(channel.looked_at) == ["post-1", "post-2", "post-3"]
    row = Recheck.objects.get()
    assert row.due_at is not None
    assert row.due_at > datetime.now(UTC) + timedelta(hours=19)


def test_a_channel_that_fails_is_asked_later_and_nothing_is_taken_down(source_of, lake: Lake):
    class Down(Asked):
        def recheck(self, *_: object) -> Page:
            raise ChannelError("down", retry_after=120)

    flow.turn(source_of(Down(page(1, published_at=NOW))))

    assert amending.recheck_due() == 1

    row = Recheck.objects.get()
    assert row.failures == 1
    assert row.due_at is not None
    assert row.due_at > datetime.now(UTC) + timedelta(seconds=170)
    assert set(said(lake)) == {"post-1"}
    assert not Withdrawal.objects.exists()


def test_a_worker_that_died_is_succeeded(source_of, lake: Lake, monkeypatch):
    flow.turn(source_of(Fake(page(1, 2, **ASKS), gone("post-1"))))
    flow.receive()
    real = type(memory.lake()).forget
    monkeypatch.setattr(type(memory.lake()), "forget", _dies)
    with pytest.raises(MemoryError):
        amending.take_down_due()
    monkeypatch.setattr(type(memory.lake()), "forget", real)
    Withdrawal.objects.update(lease_until=None)

    amending.take_down_due()

    assert set(said(lake)) == {"post-2"}
    assert Event.objects.filter(kind="message.withdrawn").count() == 1


def _dies(*_: object, **__: object) -> int:
    raise MemoryError


def test_only_channels_that_can_be_asked_have_a_round(source_of):
    source_of(Fake(page(1)))

    assert rechecking.begin() == 0

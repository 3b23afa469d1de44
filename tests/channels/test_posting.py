"""Posting to an address somebody typed in: guarded like a fetch, and honest about what arrived."""

from collections.abc import Iterator

import pytest

from peers.web_hook import WebHook, listening
from sori.channels.calling import post
from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected

HEADERS = {"Content-Type": "application/json"}


@pytest.fixture
def hook() -> Iterator[WebHook]:
    with listening() as opened:
        yield opened


def hand_over(hook: WebHook, **more: object) -> None:
    post(hook.address, b'{"text": "hi"}', headers=HEADERS, allow_private=True, **more)  # type: ignore[arg-type]


def test_it_hands_over_what_it_was_given(hook: WebHook):
    hand_over(hook)
    assert hook.heard == [{"text": "hi"}]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"])
def test_it_goes_nowhere_inside_the_own_network(host: str, hook: WebHook):
    address = hook.address.replace("127.0.0.1", host)
    with pytest.raises(ReplyRejected, match="public internet"):
        post(address, b"{}", headers=HEADERS)
    assert hook.heard == []


def test_it_believes_no_name_that_leads_inside(hook: WebHook):
    address = hook.address.replace("127.0.0.1", "hooks.example")
    with pytest.raises(ReplyRejected, match="public internet"):
        post(address, b"{}", headers=HEADERS, look_up=lambda *_: ["93.184.216.34", "127.0.0.1"])
    assert hook.heard == []


def test_it_never_goes_where_clouds_keep_their_secrets():
    with pytest.raises(ReplyRejected):
        post("http://169.254.169.254/", b"{}", headers=HEADERS, allow_private=True)


def test_it_follows_no_redirect(hook: WebHook):
    hook.status, hook.location = 307, hook.address
    with pytest.raises(ReplyRejected):
        hand_over(hook)
    assert len(hook.heard) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_it_says_when_it_was_refused_for_good(status: int, hook: WebHook):
    hook.status = status
    with pytest.raises(ReplyRejected, match=str(status)):
        hand_over(hook)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_it_says_when_trying_again_may_help(status: int, hook: WebHook):
    hook.status = status
    with pytest.raises(ReplyNotAccepted, match=str(status)):
        hand_over(hook)


def test_it_says_when_nobody_is_there():
    with pytest.raises(ReplyNotAccepted):
        post("http://127.0.0.1:9/", b"{}", headers=HEADERS, allow_private=True)


def test_it_does_not_know_what_became_of_what_nobody_answers(hook: WebHook):
    hook.status = 0
    with pytest.raises(ReplyError) as caught:
        hand_over(hook, seconds=1.0)
    assert not isinstance(caught.value, ReplyRejected | ReplyNotAccepted)
    assert len(hook.heard) == 1


@pytest.mark.parametrize("address", ["ftp://a.example/", "http://", "x", "http://me:pw@a.example/"])
def test_it_refuses_what_is_no_address(address: str):
    with pytest.raises(ReplyRejected):
        post(address, b"{}", headers=HEADERS)

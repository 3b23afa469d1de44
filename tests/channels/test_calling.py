"""Calling an API: guarded like a fetch, whatever it answers, and honest about what arrived."""

import pytest

from sori.channels.calling import LONGEST_LINE, call, streaming
from sori.channels.fetching import Limits
from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_it_brings_whatever_is_answered(web, status):
    web.answers["/x"] = (status, {"Location": "/y", "X-Said": "so"}, b'{"a": 1}')

    said = call("GET", web.url + "/x", headers={"A": "b"}, allow_private=True)

    assert (said.status, said.headers["x-said"], said.json()) == (status, "so", {"a": 1})
    assert [path for path, _ in web.asked] == ["/x"]
    assert web.asked[0][1]["a"] == "b"


def test_it_tries_the_other_addresses_of_a_name(web):
    web.answers["/x"] = (200, {}, b"{}")
    place = web.url.replace("127.0.0.1", "api.example")

    said = call(
        "GET",
        place + "/x",
        headers={},
        allow_private=True,
        look_up=lambda *_: ["127.0.0.2", "127.0.0.1"],
    )

    assert said.status == 200
    assert web.asked[0][1]["host"].startswith("api.example")


def test_it_believes_no_name_that_leads_inside(web):
    with pytest.raises(ReplyRejected, match="public internet"):
        call("GET", web.url + "/x", headers={})
    assert web.asked == []


def test_it_says_when_nobody_is_there():
    with pytest.raises(ReplyNotAccepted):
        call("GET", "http://127.0.0.1:9/", headers={}, allow_private=True)


def test_it_reads_no_more_than_it_should(web):
    web.answers["/x"] = (200, {}, b"x" * 2_000)
    with pytest.raises(ReplyError, match="larger"):
        call("GET", web.url + "/x", headers={}, limits=Limits(size=1_000), allow_private=True)


def listened(web, *, allow_private=True):
    """The status, and the lines that came."""
    with streaming(web.url + "/s", headers={"A": "b"}, seconds=5, allow_private=allow_private) as (
        said,
        lines,
    ):
        return said.status, list(lines)


def test_it_reads_line_by_line(web):
    web.answers["/s"] = (200, {}, b"one\r\n\r\ntwo\nhalf a li")
    assert listened(web) == (200, [b"one", b"", b"two"])
    assert web.asked[0][1]["a"] == "b"


def test_a_stream_that_breaks_off_is_an_error(web):
    web.answers["/s"] = (200, {"Content-Length": "1000"}, b"one\n")
    with pytest.raises(ReplyError, match="did not answer"):
        listened(web)


def test_a_stream_that_is_refused_has_no_lines(web):
    web.answers["/s"] = (429, {}, b"slowly\n")
    with streaming(web.url + "/s", headers={}, seconds=5, allow_private=True) as (said, lines):
        assert (said.status, said.body, list(lines)) == (429, b"slowly\n", [])


def test_a_line_without_an_end_is_an_error(web):
    web.answers["/s"] = (200, {}, b"x" * (LONGEST_LINE + 1))
    with pytest.raises(ReplyError, match="longer than"):
        listened(web)


def test_it_listens_nowhere_inside(web):
    with pytest.raises(ReplyRejected, match="public internet"):
        listened(web, allow_private=False)
    assert web.asked == []

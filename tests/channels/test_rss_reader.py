# ruff: noqa: E501  (what kills stands on one line)
"""The process that reads feeds may hang, explode or be led astray: only it suffers."""

import base64
import contextlib
import json
import os
import textwrap
import time

import pytest

from sori.channels import rss
from sori.channels.killable import Child, Died
from sori.channels.rss import Rss
from sori.errors import ChannelError

RSS = Rss()
GOOD = b'<rss version="2.0"><channel><item><title>good</title></item></channel></rss>'


def titles(web, listener, body, cursor=None):
    web.answers["/feed"] = (200, {}, body)
    settings = RSS.Settings(url=web.url + "/feed", allow_private=True)
    pages = list(RSS.fetch(settings, cursor, listener))
    return pages, [row["title"] for page in pages for row in page.mentions.to_pylist()]


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Makes a child of a few lines of Python; it is ended with the test."""
    made = []

    def make(words: str, seconds: float = 5) -> Child:
        words = f"import sys\nfrom sori.channels.killable import serve\n{textwrap.dedent(words)}\n"
        (tmp_path / f"child{len(made)}.py").write_text(words + "serve(answer, int(sys.argv[1]))\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        made.append(Child(f"child{len(made)}", seconds=seconds))
        return made[-1]

    yield make
    for each in made:
        each.end()


def test_it_answers_again_and_again_from_one_process(child):
    asked = child("import os\ndef answer(q): return q + str(os.getpid()).encode()")

    assert asked.ask(b"a ") == asked.ask(b"a ")


@pytest.mark.parametrize(
    "words",
    [
        "import time; time.sleep(60)",
        "bytearray(10**10)",
        "import os; os.abort()",
        "while True: pass",
        "sys.exit(3)",
        "return b'x' * 100_000_000",
        "def f(): return f() + f()\n    sys.setrecursionlimit(10**9); f()",
    ],
)
def test_it_outlives_its_child(child, words):
    asked = child(
        f"def answer(q):\n    if q == b'die':\n        {words.replace(chr(10), chr(10) + '    ')}\n    return q",
        1.5,
    )
    with pytest.raises(Died):
        asked.ask(b"die")

    assert asked.ask(b"live") == b"live"


@pytest.mark.parametrize(
    "words",
    [
        "open('/etc/passwd')",
        "import socket; socket.create_connection(('127.0.0.1', 1))",
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.remove('/tmp/nothing')",
        "import urllib.request as u; u.urlopen('http://127.0.0.1')",
    ],
)
def test_it_reaches_nothing(child, words):
    asked = child(
        f"""
        import socket, subprocess, urllib.request
        def answer(q):
            try:
                {words}
            except PermissionError as error:
                return b"kept in"
            except OSError as error:
                return b"got out"
            return b"got out"
        """
    )

    assert asked.ask(b"") == b"kept in"


def test_it_puts_a_deadly_feed_into_quarantine_once_and_reads_the_next(
    web, listener, monkeypatch, child
):
    deadly = child("def answer(q): sys.exit(1)")
    reader = rss.READER
    monkeypatch.setattr(rss, "READER", deadly)
    pages, _ = titles(web, listener, b"<rss>deadly</rss>")
    again, _ = titles(web, listener, b"<rss>deadly</rss>", pages[-1].cursor)
    monkeypatch.setattr(rss, "READER", reader)
    _, good = titles(web, listener, GOOD, pages[-1].cursor)

    assert [broken.raw for broken in pages[0].broken] == [b"<rss>deadly</rss>"]
    assert (again, good) == ([], ["good"])


def test_it_reads_a_feed_from_quarantine_again(listener):
    settings = RSS.Settings(url="http://x.test/feed")

    page = RSS.reread(settings, GOOD, listener)

    assert page.mentions["title"].to_pylist() == ["good"]


BOMBS = {
    "laughs": b'<!DOCTYPE r [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%s;" % (str(n - 1).encode() if n else b"") * 10)
        for n in range(9)
    )
    + b"]><rss><channel><item><title>&a8;</title></item></channel></rss>",
    "quadratic": b'<!DOCTYPE r [<!ENTITY a "'
    + b"a" * 100_000
    + b'">]><rss><channel><item><title>'
    + b"&a;" * 20_000
    + b"</title></item></channel></rss>",
    "deep": b"<rss><channel><item><description>"
    + b"<a>" * 20_000
    + b"</description></item></channel></rss>",
    "attributes": b"<rss " + b'a="b" ' * 50_000 + b"><channel/></rss>",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_it_survives_bombs(web, listener, bomb):
    started = time.process_time()
    with contextlib.suppress(ChannelError):  # "no feed" is a fair answer too
        titles(web, listener, BOMBS[bomb])
    _, good = titles(web, listener, GOOD)

    assert good == ["good"]
    assert time.process_time() - started < 5


def test_it_reads_no_file_and_asks_no_host_that_a_feed_names(web, listener, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("top secret")
    web.answers["/dtd"] = (200, {}, b'<!ENTITY x "from outside">')
    body = f"""<!DOCTYPE rss [<!ENTITY f SYSTEM "file://{secret}"><!ENTITY % d SYSTEM "{web.url}/dtd"> %d;]>
    <rss version="2.0"><channel><item><title>t &f; &x;</title></item></channel></rss>"""

    _, found = titles(web, listener, body.encode())

    assert "secret" not in str(found)
    assert [path for path, _ in web.asked] == ["/feed"]


def test_it_does_not_talk_over_the_pipes_of_its_parent(web, listener):
    titles(web, listener, GOOD)
    read, write = os.pipe()
    child = os.fork()
    if not child:
        answer = rss.READER.ask(
            json.dumps(
                {"body": base64.b64encode(GOOD).decode(), "url": "http://a/", "type": ""}
            ).encode()
        )
        os.write(write, json.loads(answer)["entries"][0]["title"].encode())
        rss.READER.end()
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(read, 100) == b"good"
    assert titles(web, listener, GOOD)[1] == ["good"]
    os.close(read)
    os.close(write)

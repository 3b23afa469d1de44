# ruff: noqa: E501  (the feeds stand here as they are written)
"""What an entry of a feed becomes."""

from datetime import UTC, datetime

from sori.channels.rss import Rss

RSS = Rss()


def rows(web, listener, body: bytes, headers=None, path="/feed"):
    web.answers[path] = (200, headers or {}, body)
    settings = RSS.Settings(url=web.url + path, allow_private=True)
    return [
        row for page in RSS.fetch(settings, None, listener) for row in page.mentions.to_pylist()
    ]


def rss(items: str, head: str = "") -> bytes:
    return f'{head}<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


def test_it_reads_rss(web, listener):
    (row,) = rows(
        web,
        listener,
        rss(
            "<item><title>배송 &amp;amp; 환불</title><link>/a/1</link><author>kim@example.test (김)"
            "</author><pubDate>Sun, 22 Nov 2026 21:00:00 +0900</pubDate><category>불만</category>"
            "<description>&lt;p&gt;늦어요 &lt;b&gt;정말&lt;/b&gt; &amp;amp;lt;3&lt;/p&gt;</description></item>"
        ),
    )

    assert row["title"] == "배송 & 환불"
    assert row["text"] == "늦어요 정말 &lt;3"
    assert row["url"] == web.url + "/a/1"
    assert row["published_at"] == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert (row["author_id"], row["author_name"]) == ("kim@example.test", "김")
    assert (row["public"], row["addressed"], row["reply_mode"]) == (True, False, "link")
    assert row["extra"] == '{"tags": ["불만"]}'


def test_it_reads_atom_and_its_plain_titles_as_they_are(web, listener):
    (row,) = rows(
        web,
        listener,
        b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">
        <entry><id>tag:x,2026:1</id><title type="text">a &lt;b&gt; c</title><updated>2026-11-22T12:00:00Z</updated>
        <link href="/1"/><content type="html">&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;</content>
        <thr:in-reply-to ref="tag:x,2026:0"/></entry></feed>""",
    )

    assert row["external_id"] == "tag:x,2026:1"
    assert row["title"] == "a <b> c"
    assert row["text"] == "one\n\ntwo"
    assert row["parent_id"] == "tag:x,2026:0"


def test_it_reads_rdf(web, listener):
    (row,) = rows(
        web,
        listener,
        b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <item rdf:about="http://x.test/1"><title>t</title><link>http://x.test/1</link>
        <dc:date>2026-11-22T12:00:00+09:00</dc:date><dc:creator>Lee</dc:creator></item></rdf:RDF>""",
    )

    assert row["published_at"] == datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert row["author_id"] == "127.0.0.1/Lee"


def test_it_reads_korean_code_pages_by_their_false_names(web, listener):
    body = rss("<item><title>똠방각하</title></item>", '<?xml version="1.0" encoding="euc-kr"?>')

    (by_declaration,) = rows(web, listener, body.decode().encode("cp949"))
    (by_header,) = rows(
        web,
        listener,
        rss("<item><title>똠방각하</title></item>").decode().encode("cp949"),
        {"Content-Type": "application/xml; charset=ks_c_5601-1987"},
    )

    assert (by_declaration["title"], by_header["title"]) == ("똠방각하", "똠방각하")


def test_it_does_not_invent_a_date(web, listener):
    found = rows(
        web,
        listener,
        rss(
            "<item><title>없음</title></item>"
            "<item><title>헛소리</title><pubDate>언젠가</pubDate></item>"
            "<item><title>미래</title><pubDate>Sun, 22 Nov 2099 21:00:00 +0900</pubDate></item>"
            "<item><title>태초</title><pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate></item>"
        ),
    )

    assert [row["published_at"] for row in found] == [None] * 4
    assert {row["heard_at"] for row in found} == {listener.now}


def test_it_tells_the_numbers_of_two_boards_apart(web, listener):
    item = rss('<item><guid isPermaLink="false">15</guid><title>t</title></item>')

    one = rows(web, listener, item, path="/rss?board=1")
    two = rows(web, listener, item, path="/rss?board=2")

    assert one[0]["external_id"] != two[0]["external_id"]


def test_it_knows_a_post_by_its_address_in_every_feed(web, listener):
    item = rss("<item><guid>http://x.test/1</guid><link>http://x.test/1</link></item>")

    one, two = rows(web, listener, item), rows(web, listener, item, path="/all")

    assert one[0]["id"] == two[0]["id"]


def test_it_loses_nothing_to_a_generator_that_gives_one_name_to_several(web, listener):
    found = rows(
        web,
        listener,
        rss(
            "<item><guid>1</guid><title>가</title><link>/1</link></item>"
            "<item><guid>1</guid><title>나</title><link>/2</link></item>"
        ),
    )

    assert len({row["external_id"] for row in found}) == 2


def test_it_links_nowhere_but_to_the_web(web, listener):
    (row,) = rows(
        web, listener, rss("<item><link>javascript:alert(1)</link><title>t</title></item>")
    )

    assert (row["url"], row["reply_mode"]) == (None, "none")

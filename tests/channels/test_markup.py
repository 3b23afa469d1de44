import pytest

from sori.channels.markup import text_of


def test_it_reads_what_a_person_would_read():
    html = """<html><head><title>창</title><style>p{}</style></head><body>
    <p>배송이 <b>늦어요</b>&nbsp;<i>정말</i></p><div>둘째<br>줄</div>
    <table><tr><td>가</td><td>나</td></tr></table><script>alert(1)</script></body>"""

    assert text_of(html) == "배송이 늦어요 정말\n\n둘째\n줄\n\n가 나"


def test_it_resolves_entities_once():
    assert text_of("&lt;b&gt; &amp;lt;b&amp;gt; &#54637;&#x1F600;") == "<b> &lt;b&gt; 항😀"


def test_it_keeps_text_that_only_looks_like_markup():
    assert text_of("1 < 2 && 3 > 2, <3, a<b") == "1 < 2 && 3 > 2, <3, a<b"


def test_it_is_not_fooled_by_brackets_in_attributes():
    assert text_of("<img alt=\"a>b\" title='c>d'>끝") == "끝"


def test_it_marks_quoted_blocks_when_asked():
    html = "새 글<blockquote>옛 글<blockquote>더 옛 글</blockquote></blockquote>"

    assert text_of(html, quotes=True) == "새 글\n\n> 옛 글\n\n> > 더 옛 글"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100000,
        "<" * 300000,
        "<!--" * 200000,
        '<a "' * 200000,
        "<a '\">" * 100000,
        "<script>" * 100000,
        "&#" + "9" * 300000 + ";",
        "</script " * 100000,
        "<a b" * 200000,
        "<blockquote>" * 100000,
        "<p " * 200000 + ">",
        "&" * 500000,
    ],
    ids=lambda html: html[:12],
)
def test_it_survives_what_was_made_to_exhaust_it(html: str):
    assert text_of(html + "<p>끝</p>") is not None


def test_it_takes_time_that_grows_with_the_length_alone(cpu_ratio):
    nested = lambda size: "<div>" * size + "x"  # noqa: E731

    assert cpu_ratio(lambda size: text_of(nested(size)), 20_000, 80_000) < 12

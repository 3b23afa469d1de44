"""A post on Naver has one name, however its address is spelled."""

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sori.channels.naver.links import canonical

writers = st.from_regex(r"[a-z0-9_-]{5,20}", fullmatch=True)
numbers = st.integers(1, 10**12).map(str)
traces = st.dictionaries(
    st.sampled_from(["utm_source", "fromRss", "trackingCode", "fbclid"]),
    st.text("abc123", min_size=1, max_size=6),
)
web_letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)

BLOG = (
    "https://blog.naver.com/{0}/{1}",
    "http://blog.naver.com/{0}/{1}/",
    "https://m.blog.naver.com/{0}/{1}",
    "https://BLOG.naver.com:443/{0}/{1}",
    "https://blog.naver.com/PostView.naver?blogId={0}&logNo={1}",
    "http://blog.naver.com/PostView.nhn?blogId={0}&logNo={1}&redirect=Dlog&widgetTypeCall=true",
    "https://m.blog.naver.com/PostView.naver?logNo={1}&blogId={0}",
    "http://blog.naver.com/{0}?Redirect=Log&logNo={1}",
    "http://{0}.blog.me/{1}",
)


@settings(max_examples=50)
@given(writer=writers, number=numbers, trace=traces, way=st.sampled_from(BLOG))
def test_it_knows_a_blog_post_in_every_spelling(writer, number, trace, way):
    link = way.format(writer, number)
    if trace:
        link += ("&" if "?" in link else "?") + urlencode(trace)

    assert canonical(link) == f"https://blog.naver.com/{writer}/{number}"
    assert canonical(link + "#comments") == canonical(f"  {link}\n")


@settings(max_examples=50)
@given(
    scheme=st.sampled_from(["http", "https", "HTTPS"]),
    host=st.sampled_from(
        ["blog.naver.com", "m.cafe.naver.com", "kin.naver.com", "news.naver.com", "tistory.example"]
    ),
    rest=web_letters,
)
def test_it_gives_one_name_that_stays_what_it_is(scheme, host, rest):
    once = canonical(f"{scheme}://{host}/{rest}")

    assert canonical(once) == once
    assert once.startswith("https://")
    assert once.split() == [once]
    assert "#" not in once


@settings(max_examples=50)
@given(web_letters)
def test_it_takes_an_address_or_says_that_it_is_none(text):
    try:
        once = canonical(text)
    except ValueError:
        return
    assert canonical(once) == once


@settings(max_examples=50)
@given(one=st.tuples(writers, numbers), other=st.tuples(writers, numbers))
def test_it_keeps_two_posts_apart(one, other):
    names = [canonical(BLOG[0].format(*each)) for each in (one, other)]

    assert (names[0] == names[1]) == (one == other)


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("http://cafe.naver.com/Remon/12?art=ZXh0&query=x", "https://cafe.naver.com/remon/12"),
        ("https://m.cafe.naver.com/remon/12", "https://cafe.naver.com/remon/12"),
        (
            "https://cafe.naver.com/ArticleRead.nhn?clubid=10298136&articleid=7",
            "https://cafe.naver.com/ca-fe/cafes/10298136/articles/7",
        ),
        (
            "https://m.cafe.naver.com/ca-fe/web/cafes/10298136/articles/7?fromList=true",
            "https://cafe.naver.com/ca-fe/cafes/10298136/articles/7",
        ),
        (
            "https://kin.naver.com/qna/detail.nhn?d1id=4&dirId=40302&docId=9&qb=7J207Ja0",
            "https://kin.naver.com/qna/detail.naver?docId=9",
        ),
        (
            "https://m.kin.naver.com/mobile/qna/detail.naver?docId=9",
            "https://kin.naver.com/qna/detail.naver?docId=9",
        ),
        (
            "https://news.naver.com/main/read.naver?mode=LSD&sid1=105&oid=015&aid=0005",
            "https://n.news.naver.com/article/015/0005",
        ),
        (
            "https://n.news.naver.com/mnews/article/015/0005?sid=105",
            "https://n.news.naver.com/article/015/0005",
        ),
        ("http://Kim.tistory.example/3?utm_medium=x&p=1#a", "https://kim.tistory.example/3?p=1"),
        ("https://blog.naver.com/kim", "https://blog.naver.com/kim"),
    ],
)
def test_it_knows_the_other_places(link, name):
    assert canonical(link) == name


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "blog.naver.com/kim/1", "https://["])
def test_it_refuses_what_is_no_address(link):
    with pytest.raises(ValueError):
        canonical(link)

"""An article's Markdown can be read and do nothing else."""

import pytest

from sori.articles.prose import plain, readable, written

PICTURE = "/help/pictures/" + "a" * 64 + "/"


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[누르세요](javascript:alert(1))",
        "[누르세요](JaVaScRiPt:alert(1))",
        "[누르세요](data:text/html;base64,PHNjcmlwdD4=)",
        "[누르세요](vbscript:x)",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "<svg/onload=alert(1)>",
        "<iframe src='https://evil.example'></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        '[x](https://a.example "onmouseover=alert(1)")',
        '## <b onclick="alert(1)">x</b>',
        "<style>body{display:none}</style>",
        "[x][1]\n\n[1]: javascript:alert(1)",
        "<div hx-on:click='alert(1)' hx-get='/'>x</div>",
        "<form action='https://evil.example'><input name=p></form>",
    ],
)
def test_it_lets_nothing_run(body: str):
    html = str(written(body).html).lower()

    for evil in ("<script", "<svg", "<iframe", "<style", "<form", "<input", "<div", "<b "):
        assert evil not in html
    for tag in html.split("<")[1:]:
        inside = tag.partition(">")[0]
        assert "javascript:" not in inside
        assert "data:" not in inside
        assert " on" not in inside.replace('title="on', "")
        assert "hx-" not in inside


def test_it_shows_only_pictures_of_ours():
    html = str(written(f"![화면]({PICTURE}) ![x](https://evil.example/t.gif)").html)

    assert f'src="{PICTURE}"' in html
    assert "evil.example" not in html


def test_it_opens_links_to_the_web_to_mail_and_to_our_pages():
    html = str(
        written(
            "[a](https://a.example) [b](mailto:a@b.kr) [c](/help/ko/) [d](#h) [e](ftp://x)"
        ).html
    )

    assert html.count("href=") == 4
    assert html.count('rel="noopener"') == 5 or html.count('rel="noopener"') == 4
    assert "ftp:" not in html


def test_it_names_headings_for_a_table_of_contents_even_when_two_are_the_same():
    headings = written("# 처음\n\n## 배송\n\n## 배송\n\n#### 깊이").headings

    assert [(one.level, one.id) for one in headings] == [
        (2, "h-처음"),
        (2, "h-배송"),
        (2, "h-배송-2"),
    ]


def test_it_tells_the_words_without_marks():
    assert plain("## 제목\n\n**굵은** [링크](https://a.example)\n줄") == "제목 굵은 링크 줄"


def test_it_writes_the_words_as_a_message():
    body = "먼저 **켜세요**.\n\n1. 앱을 여세요\n2. [설정](https://a.example)을 누르세요\n\n- 하나"

    assert readable(body) == (
        "먼저 켜세요.\n\n1. 앱을 여세요\n2. 설정 (https://a.example)을 누르세요\n\n- 하나"
    )

"""The report is one page that stands alone, shows what is there and betrays nobody."""

import json
from datetime import date
from html.parser import HTMLParser

import pytest

from sori.understand.charts import nice_step, over_time
from sori.understand.files import understand_file
from sori.understand.report import day_of, words_in

MESSAGES = [
    "배송이 너무 늦어요. 일주일째 안 오고 전화도 안 받아요",
    "카드에서 돈이 두 번 빠져나갔어요. 당장 환불해 주세요. 010-1234-5678",
    "<script>alert(1)</script> 앱이 자꾸 꺼져요 고쳐주세요",
    "정말 맛있게 잘 먹었습니다. 사장님 최고예요",
    "다크 모드를 넣어 주시면 좋겠어요",
    "영업시간이 어떻게 되나요?",
    "The app crashes every time I open it",
    "900101-1234567 명의도용 당했습니다 빨리 막아주세요",
]


class Page(HTMLParser):
    """Collects what a page links to, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def html(tmp_path):
    def make(language: str = "ko") -> str:
        rows = [
            {"text": text, "created_at": f"2026-10-{1 + at % 9:02d}"}
            for at, text in enumerate(MESSAGES * 8)
        ]
        path = tmp_path / "messages.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        understand_file(path, tmp_path / "o.jsonl", tmp_path / "r.html", language=language)
        return (tmp_path / "r.html").read_text(encoding="utf-8")

    return make


def test_it_needs_nothing_from_elsewhere(html):
    page = Page(html())

    assert page.links == []
    assert "script" not in page.tags
    assert "https://" not in html()


def test_it_shows_counts_charts_urgent_and_typical_messages(html):
    page = Page(html())
    text = " ".join(page.words)

    assert page.tags.count("svg") > 6
    assert "64 건" in text
    assert "2026-10-01 – 2026-10-09" in text
    assert "카드에서 돈이 두 번 빠져나갔어요" in text
    assert "정말 맛있게 잘 먹었습니다" in text


def test_it_shows_what_people_talk_about_by_kind(html):
    words = " ".join(Page(html()).words)
    english = " ".join(Page(html("en")).words)

    assert "무엇에 대해 말하나" in words
    assert "배송 시간·지연" in words
    assert "Delivery time" in english


def test_it_shows_a_message_once(html):
    assert html().count("<p>정말 맛있게 잘 먹었습니다") == 1


def test_it_shows_hostile_text_as_text(html):
    assert "<script>alert" not in html()


def test_it_blots_out_numbers_and_contact_data(html):
    assert "010-1234-5678" not in html()
    assert "900101" not in html()


def test_it_speaks_english_too(html):
    assert "Customer voice report" in html("en")
    assert words_in("ko").keys() == words_in("en").keys()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-09", date(2026, 3, 9)),
        ("2026-03-09T10:11:12Z", date(2026, 3, 9)),
        ("2026.3.9", date(2026, 3, 9)),
        ("2026. 3. 9. 오후 3:12", date(2026, 3, 9)),
        ("2026/03/09 10:00", date(2026, 3, 9)),
        ("20260309", date(2026, 3, 9)),
        ("2026-13-40", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_it_reads_dates_as_people_write_them(written, day):
    assert day_of(written) == day


@pytest.mark.parametrize(
    ("highest", "step"), [(1, 1), (5, 1), (7, 2), (24, 5), (100, 20), (1234, 500)]
)
def test_it_draws_few_round_grid_lines(highest, step):
    assert nice_step(highest) == step


def test_it_draws_weeks_and_months_when_there_are_many_days():
    days = {date(2024, 1, 1): {"praise": 1}, date(2024, 12, 31): {"praise": 2}}
    years = {date(2020, 1, 15): {"praise": 1}, date(2025, 12, 31): {"praise": 2}}

    assert over_time(days, ["praise"], "t").count("<rect") == 2
    assert "2020.01" in over_time(years, ["praise"], "t")

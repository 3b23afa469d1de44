"""Search finds exactly what LIKE would find, on both databases."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import letter, say, source
from sori.respond import search
from sori.respond.models import Case, Conversation, Passage
from sori.respond.search import Text

pytestmark = pytest.mark.django_db

SYLLABLES = "환불금배송지연앱요가나다 "
texts = st.lists(st.text(alphabet=SYLLABLES + "aB1!'\\:*&-\n🙂é", max_size=24), max_size=8)
queries = st.text(alphabet=SYLLABLES + "aB1!'\\:*&🙂é", min_size=1, max_size=6)


@pytest.fixture
def conversation(lake) -> Conversation:
    say(lake, letter(source()))
    Passage.objects.all().delete()
    return Conversation.objects.get()


def by_like(query: str) -> set[int]:
    """What a scan of every passage finds."""
    words = search.fold(query).split()
    if not words:
        return set()
    rows = Passage.objects.values_list("pk", "text")
    return {pk for pk, text in rows if all(word in text for word in words)}


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=texts, query=queries)
def test_it_finds_what_like_finds(conversation, said, query):
    search.forget(Passage.objects.all())
    search.remember(Text(conversation.pk, None, text) for text in said)

    assert set(search.passages(query)) == by_like(query)


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("환불", ["환불금은 언제", "교환불가"]),
        ("환불금", ["환불금은 언제"]),
        ("앱", ["새 앱", "앱이 꺼져요"]),
        ("배송 지연", ["지연된 배송"]),
        ("배송지연", []),
        ("WI-FI", ["wi-fi가 느려요"]),
        ("100%", ["100% 환급"]),
        ("", []),
        ("  ", []),
        ("' OR 1=1 --", []),
    ],
)
def test_it_understands_korean_words(conversation, query, hits):
    said = [
        "환불금은 언제",
        "교환불가",
        "새 앱",
        "앱이 꺼져요",
        "지연된 배송",
        "wi-fi가 느려요",
        "100% 환급",
        "1000 환급",
    ]
    search.remember(Text(conversation.pk, None, text) for text in said)

    found = Passage.objects.filter(pk__in=search.passages(query)).values_list("text", flat=True)

    assert sorted(found) == sorted(hits)


def test_it_finds_decomposed_letters(conversation):
    search.remember([Text(conversation.pk, None, "\u1112\u116a\u11ab\u1107\u116e\u11af")])

    assert len(search.passages("환불")) == 1


def test_it_shows_the_newest_case_first_and_stops_counting(lake):
    place = source()
    say(lake, *[letter(place, f"요금 문의 {n}", author_id=f"c{n}") for n in range(30)])

    found = search.cases("요금")

    assert found == sorted(Case.objects.values_list("pk", flat=True), reverse=True)
    assert len(search.cases("요금", most=10)) == 10


def test_it_reads_on_past_the_first_batch(conversation, monkeypatch):
    monkeypatch.setattr(search, "_BATCH", 7)
    search.remember(Text(conversation.pk, None, f"요금 {n}") for n in range(50))

    assert len(search.passages("요금")) == 50


def test_it_finds_a_case_by_its_customer_and_subject(lake):
    say(lake, letter(source(), title="세금계산서 발행"))

    assert search.cases("김하은") == search.cases("계산서") == [Case.objects.get().pk]
    assert search.cases("kim@customer") == [Case.objects.get().pk]


def test_it_forgets(conversation):
    search.remember([Text(conversation.pk, None, "주민번호 비밀")])
    search.remember([Text(conversation.pk, None, "비밀 아님")])

    assert search.forget(Passage.objects.filter(text__contains="주민")) == 1

    assert len(search.passages("비밀")) == 1
    assert search.passages("주민번호") == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO respond_grams(respond_grams) VALUES('integrity-check')")

"""The explorer's page: one address is its whole state, and its panels tell what the lake knows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import letter, say, source
from explorer import NOW, remember, said
from sori.errors import LakeError
from sori.insight.explore.selection import FILTERS
from sori.insight.explore.views import PANELS
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.listen.models import Query
from sori.respond.models import Case
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db

NAMES = [*FILTERS, "days", "from", "to", "words", "after", "nonsense"]
VALUES = st.text(max_size=30) | st.sampled_from(
    ["complaint", "unknown", "yes", "0.6", "7", "all", "2026-11-22", "0001-01-01", "환불", "-1",
     "2026-11-22~5~", "2026-11-22~~", "%", "' or 1=1 --", "\x00", "\ud800", "9" * 30]
)  # fmt: skip


@pytest.fixture
def reader(client: Client) -> Client:
    """Somebody who may read mentions, in English."""
    member = Member.objects.create_user("c@example.com", name="C", role=Role.CONTRIBUTOR)
    client.force_login(member)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def recent(text: str = "배송이 늦어요", hours: float = 2, **fields: Any) -> dict[str, Any]:
    """A voice of today by the clock of the wall."""
    at = timezone.now() - timedelta(hours=hours)
    return said(text, published_at=at, heard_at=at, **fields)


def panel(client: Client, name: str, query: str = "") -> str:
    answer = client.get(f"/explore/panel/{name}/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=6))
def test_it_answers_every_query_string(reader: Client, lake: Lake, asked: list[tuple[str, str]]):
    query = urlencode(asked, errors="surrogatepass")

    page = reader.get(f"/explore/?{query}", follow=True)
    assert page.status_code == 200
    for name in ("volume", "stream", "words", "authors"):
        assert reader.get(f"/explore/panel/{name}/?{query}").status_code == 200


def test_it_is_there_before_anything_is_counted(
    reader: Client, lake: Lake, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the page asked the lake")

    monkeypatch.setattr(Reader, "table", refuse)
    page = reader.get("/explore/").content.decode()

    for name in PANELS:
        assert f"/explore/panel/{name}/" in page
    assert page.count('class="skeleton"') > len(PANELS)


def test_it_says_what_is_wrong_with_an_address(reader: Client, lake: Lake):
    page = reader.get("/explore/?kind=angry&chanel=email&kind=complaint").content.decode()

    assert "“angry” is no value of the filter “Kind”." in page
    assert "There is no filter “chanel”." in page
    assert "/explore/panel/volume/?kind=complaint" in page


def test_it_has_one_address_for_one_selection(reader: Client, lake: Lake):
    answer = reader.get("/explore/?kind=complaint&words=%ED%99%98%EB%B6%88&author=&from=&to=")

    assert answer["Location"] == "/explore/?words=%ED%99%98%EB%B6%88&kind=complaint"
    assert reader.get(answer["Location"]).status_code == 200


def test_it_shows_a_chip_for_every_filter_that_takes_it_off(reader: Client, lake: Lake):
    rule = Query.objects.create(name="요금 폭탄", expression="요금")
    page = reader.get(
        f"/explore/?words=%ED%99%98%EB%B6%88&rule={rule.pk}&kind=complaint&kind=idea&spam=no"
    ).content.decode()

    for text in ("“환불”", "요금 폭탄", "Complaint", "Idea"):
        assert text in page
    assert f'href="/explore/?rule={rule.pk}&amp;kind=complaint&amp;kind=idea&amp;spam=no"' in page
    assert (
        f"/explore/?words=%ED%99%98%EB%B6%88&amp;rule={rule.pk}&amp;kind=idea&amp;spam=no" in page
    )


def test_it_says_that_nothing_fits(reader: Client, lake: Lake):
    assert "Nothing was said that fits" in panel(reader, "volume")
    assert "Nothing was said that fits" in panel(reader, "stream")
    assert "belongs to a theme" in panel(reader, "themes")
    assert "Too few voices" in panel(reader, "words")


def test_it_compares_with_the_time_before(reader: Client, lake: Lake):
    remember(lake, [recent(hours=30) for _ in range(3)])
    remember(lake, [recent(hours=24 * 10, channel="email") for _ in range(2)])

    volume = panel(reader, "volume", "days=7")
    channels = panel(reader, "channels", "days=30")

    assert '<b class="num">3</b>' in volume
    assert "+50% against the time before" in volume
    assert "new" in channels
    assert "channel=email" in channels


def test_it_narrows_by_whatever_is_clicked(reader: Client, lake: Lake):
    remember(lake, [recent(topics=["billing"], theme=7, kind="complaint")])

    assert "/explore/?kind=complaint&amp;topic=billing" in panel(reader, "topics", "kind=complaint")
    assert "/explore/?kind=complaint&amp;theme=7" in panel(reader, "themes", "kind=complaint")
    assert "#7" in panel(reader, "themes")
    assert "channel=rss&amp;author=kim" in panel(reader, "authors")


def test_it_writes_hostile_voices_as_text(reader: Client, lake: Lake):
    evil = "<script>alert(1)</script>"
    remember(
        lake,
        [
            recent(evil, title=evil, author_name=evil, author_id=evil, topics=[evil],
                   url="javascript:alert(1)", channel="rss", kind="complaint"),
        ],
    )  # fmt: skip

    for name in PANELS:
        shown = panel(reader, name)
        assert "<script>alert" not in shown
        assert "javascript:" not in shown
    assert evil not in reader.get("/explore/", {"author": evil, "topic": evil}).content.decode()


def test_it_links_to_the_case_and_to_the_post(reader: Client, lake: Lake):
    place = source(channel="email")
    say(lake, letter(place, "환불해 주세요", kind="complaint", url="https://example.com/post/1"))

    shown = panel(reader, "stream")

    assert f'href="/inbox/{Case.objects.get().pk}/"' in shown
    assert 'href="https://example.com/post/1"' in shown
    assert 'rel="noopener noreferrer nofollow ugc"' in shown


def test_it_marks_the_words_that_were_sought(reader: Client, lake: Lake):
    remember(lake, [recent("iPhone 환불 <b>언제</b>")])

    shown = panel(reader, "stream", urlencode({"words": "iphone"}))

    assert "<mark>iPhone</mark> 환불 &lt;b&gt;" in shown


def test_it_folds_insults_as_the_inbox_does(reader: Client, lake: Lake):
    remember(lake, [recent("욕설", abuse=True)])

    assert 'class="fold abuse"' in panel(reader, "stream")


def test_it_goes_on_where_the_list_stopped(reader: Client, lake: Lake):
    remember(lake, [recent(f"말 {number:02}.", hours=number) for number in range(1, 26)])
    first = panel(reader, "stream")

    assert first.count('class="voice"') == 20
    (following,) = (part.split('"')[0] for part in first.split('hx-get="')[1:] if "after=" in part)
    rest = reader.get(following.replace("&amp;", "&")).content.decode()
    assert rest.count('class="voice"') == 5
    assert "말 25." in rest
    assert "after=" not in rest


def test_it_tells_that_a_panel_could_not_be_counted(
    reader: Client, lake: Lake, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object, **__: object) -> None:
        raise LakeError("gone")

    monkeypatch.setattr(Reader, "table", broken)
    remember(lake, [recent()])

    assert reader.get("/explore/panel/themes/").status_code == 503
    assert 'id="slot-failed"' in reader.get("/explore/").content.decode()


@pytest.mark.parametrize("head", ["kind", "sentiment", "urgency", "answer", "abuse"])
def test_it_opens_the_words_that_told(reader: Client, lake: Lake, head: str):
    (row,) = remember(lake, [recent("환불이 너무 늦어요 <b>정말</b> 화가 납니다", lang="ko")])

    shown = reader.get(f"/explore/why/{row['id']}/?head={head}").content.decode()

    assert '<mark class="told' in shown
    assert "<b>정말" not in shown
    assert "%" in shown


def test_it_says_that_it_cannot_read_a_text(reader: Client, lake: Lake):
    (row,) = remember(lake, [recent("料金が二重に引き落とされています", lang="ja")])

    shown = reader.get(f"/explore/why/{row['id']}/?head=kind").content.decode()

    assert "cannot read this text" in shown


def test_it_knows_no_reasons_for_what_is_not_there(reader: Client, lake: Lake):
    (row,) = remember(lake, [recent()])

    assert reader.get("/explore/why/none/?head=kind").status_code == 404
    assert reader.get(f"/explore/why/{row['id']}/?head=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.VIEWER, 403), (Role.CONTRIBUTOR, 200), (Role.AUDITOR, 200)]
)
def test_it_shows_mentions_only_to_those_who_may_read_them(
    client: Client, lake: Lake, role: str, sees: int
):
    client.force_login(Member.objects.create_user("x@example.com", name="X", role=role))
    (row,) = remember(lake, [recent()])

    paths = ["/explore/", f"/explore/why/{row['id']}/?head=kind"]
    for path in [*paths, *(f"/explore/panel/{name}/" for name in PANELS)]:
        assert client.get(path).status_code == sees


def test_it_offers_a_rule_where_there_are_words(client: Client, lake: Lake):
    member = Member.objects.create_user("s@example.com", name="S", role=Role.SUPERVISOR)
    client.force_login(member)

    assert "/queries/new/" not in client.get("/explore/?kind=idea").content.decode()
    page = client.get("/explore/?words=%ED%99%98%EB%B6%88&channel=email").content.decode()
    address = page.split('href="/queries/new/?')[1].split('"')[0].replace("&amp;", "&")
    form = client.get(f"/queries/new/?{address}").content.decode()
    assert "&quot;환불&quot; AND channel:&quot;email&quot;" in form


def test_it_sees_the_same_as_the_overview(reader: Client, lake: Lake):
    """A figure is the same on every page."""
    from zoneinfo import ZoneInfo

    from sori.insight import measures
    from sori.insight.explore.look import Look
    from sori.insight.explore.selection import Selection
    from sori.insight.explore.volume import volume

    remember(lake, [said(days_ago=day / 3, kind="complaint") for day in range(1, 200)])
    seoul = ZoneInfo("Asia/Seoul")
    now, before = measures.totals(Reader(lake), measures.Period(30, NOW, seoul))
    counted = volume(Look(Reader(lake), Selection(), NOW, seoul))

    assert (counted.voices, counted.before) == (now.voices, before.voices)


def test_it_needs_few_questions_of_the_database(
    reader: Client, lake: Lake, django_assert_max_num_queries: Callable[..., Any]
):
    remember(lake, [recent(f"말 {number}") for number in range(20)])

    with django_assert_max_num_queries(15):
        panel(reader, "stream")

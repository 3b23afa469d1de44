"""Stories are drafted from what is known, published by who may, and tell nobody's name."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid5

import feedparser
import pytest
from django.test import Client
from django.utils import translation

from crowd import say, voice
from shipments import initiative, runs, theme
from sori.change.initiatives.models import Initiative
from sori.change.models import Theme
from sori.change.stories import forgetting, services
from sori.change.stories.models import Story, StoryText
from sori.errors import Refused
from sori.journal.models import Event
from sori.journal.services import record
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "배송을 이틀 앞당겼어요",
    "said": "배송이 너무 늦다고 하셨어요.",
    "changed": "수도권에 물류 센터를 열었어요.",
    "numbers": "1,000건당 12.4건이던 말씀이 3.1건이 됐어요.",
    "quote": "",
}
HOSTILE = "</title><script>alert(1)</script>]]>&amp;\x0b\ufffe\u202e \"'"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """What is refused is refused in words that stand here."""
    with translation.override("en"):
        yield


@pytest.fixture
def supervisor() -> Member:
    return Member.objects.create_user("boss@x.kr", name="박도윤", role=Role.SUPERVISOR)


@pytest.fixture
def agent() -> Member:
    return Member.objects.create_user("agent@x.kr", name="이서연", role=Role.AGENT)


@pytest.fixture
def parcel() -> Theme:
    return theme("배송 지연")


@pytest.fixture
def shipped(parcel: Theme, supervisor: Member) -> Initiative:
    runs(0)
    return initiative([parcel], by=supervisor, summary="물류 센터를 열었습니다.")


@pytest.fixture
def told(shipped: Initiative, supervisor: Member) -> Callable[..., Story]:
    """A story, published unless said otherwise."""

    def make(*, published: bool = True, language: str = "ko", **words: str) -> Story:
        one = services.write(
            initiative=shipped, member=supervisor, language=language, words=WORDS | words, base=0
        )
        if published:
            services.publish(story=one, member=supervisor)
        return one

    return make


def browser(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return str(answer.content.decode())


def area(html: str, name: str) -> str:
    """What a field of the form begins with."""
    found = re.search(rf'<textarea name="{name}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert found
    return found[1].strip()


def test_it_drafts_from_what_is_known(
    shipped: Initiative, parcel: Theme, agent: Member, lake: Lake
):
    say(lake, *(voice(f"배송이 늦어요 {number}", theme=parcel.pk) for number in range(3)))
    record(
        "outcome.settled", f"initiative:{shipped.pk}",
        verdict="fewer", before=12.42, after=3.1, ratio=0.25,
    )  # fmt: skip
    html = page(browser(agent), f"/initiatives/{shipped.pk}/story/")

    said, numbers = (area(html, name) for name in ("said", "numbers"))
    assert "3" in said
    assert "배송 지연" in said
    assert area(html, "changed") == "물류 센터를 열었습니다."
    for figure in ("50", "12.4", "3.1"):
        assert figure in numbers


def test_it_drafts_no_effect_that_is_not_settled(shipped: Initiative, agent: Member, lake: Lake):
    html = page(browser(agent), f"/initiatives/{shipped.pk}/story/")

    assert "50" in area(html, "numbers")
    assert "1,000" not in area(html, "numbers")


def test_it_tells_no_story_of_what_was_not_shipped(supervisor: Member, agent: Member, lake: Lake):
    waiting = initiative(shipped=None, by=supervisor)

    assert "Not shipped yet" in page(browser(agent), f"/initiatives/{waiting.pk}/story/")
    with pytest.raises(Refused):
        services.write(initiative=waiting, member=agent, language="ko", words=WORDS, base=0)


def test_it_lets_agents_write_and_supervisors_publish(
    shipped: Initiative, supervisor: Member, agent: Member, lake: Lake
):
    form = {**WORDS, "base": 0}
    answer = browser(agent).post(f"/initiatives/{shipped.pk}/story/", form)
    story = Story.objects.get()
    assert answer["Location"] == f"/stories/{story.pk}/?language=ko"
    address = f"/changes/ko/{story.slug}/"

    assert browser(agent).post(f"/stories/{story.pk}/publish/").status_code == 403
    page(Client(), address, 404)
    browser(supervisor).post(f"/stories/{story.pk}/publish/")
    assert WORDS["changed"] in page(Client(), address)
    form = {**WORDS, "title": "다른 제목", "base": 1}
    path = f"/stories/{story.pk}/ko/write/"
    assert browser(agent).post(path, form).status_code == 422
    assert browser(supervisor).post(path, form).status_code == 302
    assert "다른 제목" in page(Client(), address)
    browser(supervisor).post(f"/stories/{story.pk}/withdraw/")
    page(Client(), address, 404)
    kinds = Event.objects.filter(about=f"story:{story.pk}").values_list("kind", flat=True)
    assert list(kinds) == ["story.written", "story.published", "story.written", "story.withdrawn"]


def test_it_lets_nobody_overwrite_another(told: Callable[..., Story], supervisor: Member):
    story = told()
    again = {"initiative": story.initiative, "member": supervisor, "language": "ko"}
    services.write(**again, words=WORDS, base=1)

    with pytest.raises(Refused, match="Somebody else"):
        services.write(**again, words=WORDS, base=1)


def test_it_shows_the_other_language_and_says_so(told: Callable[..., Story]):
    story = told()
    html = page(Client(), f"/changes/en/{story.slug}/")

    assert WORDS["changed"] in html
    assert "not there in English yet" in html
    services.write(
        initiative=story.initiative, member=story.author, language="en",
        words=WORDS | {"title": "Two days faster"}, base=0,
    )  # fmt: skip
    assert "<h1>Two days faster</h1>" in page(Client(), f"/changes/en/{story.slug}/")
    assert WORDS["title"] in page(Client(), f"/changes/ko/{story.slug}/")


def test_it_lists_the_newest_first_in_few_questions(
    told: Callable[..., Story], supervisor: Member, django_assert_num_queries: Callable[..., object]
):
    told()
    other = initiative(by=supervisor, title="앱 로그인")
    services.publish(
        story=services.write(
            initiative=other, member=supervisor, language="ko", base=0,
            words=WORDS | {"title": "로그인이 빨라졌어요"},
        ),
        member=supervisor,
    )  # fmt: skip
    with django_assert_num_queries(3):
        html = page(Client(), "/changes/ko/")

    assert html.index("로그인이 빨라졌어요") < html.index(WORDS["title"])


def test_it_leads_to_the_language_of_the_reader():
    spoken = Client(headers={"accept-language": "en-GB,en"})

    assert spoken.get("/changes/")["Location"] == "/changes/en/"
    assert Client().get("/changes/")["Location"] == "/changes/ko/"


def test_it_has_a_short_address_for_posts(told: Callable[..., Story], supervisor: Member):
    story = told()
    address = f"/changes/{story.pk}/"

    assert Client().get(Client().get(address)["Location"]).status_code == 200
    services.withdraw(story=story, member=supervisor)
    page(Client(), address, 404)


def test_it_escapes_whatever_is_written(told: Callable[..., Story]):
    story = told(**dict.fromkeys(("title", "said", "changed", "numbers"), f"가 {HOSTILE}"))
    for path in ("/changes/ko/", f"/changes/ko/{story.slug}/", "/changes/ko/feed.xml"):
        assert "<script>alert" not in page(Client(), path)


def test_it_makes_a_feed_that_readers_understand(told: Callable[..., Story]):
    story = told(title=f"<b>배송</b> & 로그인 {HOSTILE}")
    answer = Client().get("/changes/ko/feed.xml")
    feed = feedparser.parse(answer.content)

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.id == f"urn:uuid:{uuid5(story.uid, 'ko')}"
    assert entry.title.startswith("<b>배송</b> & 로그인")
    assert entry.link.startswith("http://testserver/changes/ko/")
    assert Client().get(entry.link).status_code == 200
    assert WORDS["changed"] in entry.content[0].value


def test_it_keeps_the_name_of_an_entry_and_its_address(
    told: Callable[..., Story], supervisor: Member
):
    story = told()
    first = feedparser.parse(Client().get("/changes/ko/feed.xml").content).entries[0]
    services.withdraw(story=story, member=supervisor)
    services.write(
        initiative=story.initiative, member=supervisor, language="ko",
        words=WORDS | {"title": "전혀 다른 제목"}, base=1,
    )  # fmt: skip
    services.publish(story=story, member=supervisor)
    again = feedparser.parse(Client().get("/changes/ko/feed.xml").content).entries[0]

    assert (again.id, again.link, again.published) == (first.id, first.link, first.published)


def test_it_makes_an_empty_feed_and_an_empty_page():
    assert not feedparser.parse(Client().get("/changes/en/feed.xml").content).bozo
    assert "nothing to read here yet" in page(Client(), "/changes/en/")


def test_it_says_who_shares_it_what_it_is(told: Callable[..., Story]):
    html = page(Client(), f"/changes/ko/{told().slug}/")

    assert f'<meta property="og:title" content="{WORDS["title"]}">' in html
    assert f'<meta property="og:description" content="{WORDS["said"]}">' in html


def test_it_publishes_no_quote_without_a_reason(told: Callable[..., Story], supervisor: Member):
    story = told(published=False, quote="이제 하루 만에 와요")

    with pytest.raises(Refused, match="why the quote"):
        services.publish(story=story, member=supervisor)


def test_it_quotes_only_what_was_public_and_never_a_name(
    told: Callable[..., Story], parcel: Theme, supervisor: Member, lake: Lake
):
    row = {"theme": parcel.pk, "author_name": "김하은"}
    (open_,) = say(lake, voice("배송이 늦어요", **row))
    (closed,) = say(lake, voice("배송이 늦네요", **row, public=False))
    story = told(published=False, quote="배송이 늦어요, 라고 김하은 님이")

    def quote(mention: str, how: str = "public") -> None:
        services.quote(
            story=story, member=supervisor, reader=Reader(lake), how=how, mention=mention
        )

    for wrong in ("", closed, "0" * 20):
        with pytest.raises(Refused, match="public voice"):
            quote(wrong)
    with pytest.raises(Refused, match="name"):
        quote(open_)
    StoryText.objects.update(quote="배송이 늦어요")
    quote(open_)
    story.refresh_from_db()
    assert (story.quote_how, story.quote_mention) == ("public", open_)


def test_it_forgets_a_quote_with_its_author(
    told: Callable[..., Story], parcel: Theme, supervisor: Member, lake: Lake
):
    (mention,) = say(lake, voice("배송이 늦어요", theme=parcel.pk))
    story = told(published=False, quote="배송이 늦어요")
    services.quote(
        story=story, member=supervisor, reader=Reader(lake), how="public", mention=mention
    )
    services.publish(story=story, member=supervisor)
    address = f"/changes/ko/{story.slug}/"
    assert "<blockquote>" in page(Client(), address)

    assert forgetting.forget([mention]) == 1
    assert forgetting.forget([mention]) == 0
    assert "<blockquote>" not in page(Client(), address)


def test_it_blots_out_ways_to_reach_people(told: Callable[..., Story]):
    story = told(quote="", said="제 번호는 010-1234-5678이에요")

    assert "5678" not in page(Client(), f"/changes/ko/{story.slug}/")


def test_it_takes_the_quote_out_when_asked(
    told: Callable[..., Story], supervisor: Member, lake: Lake
):
    story = told(published=False, quote="이제 하루 만에 와요")
    browser(supervisor).post(f"/stories/{story.pk}/quote/", {"how": "", "mention": ""})

    assert StoryText.objects.get().quote == ""


def test_it_makes_posts_to_copy(told: Callable[..., Story], supervisor: Member, lake: Lake):
    story = told()
    html = page(browser(supervisor), f"/stories/{story.pk}/")

    for network in ("X", "Bluesky", "Mastodon"):
        assert f"<b>{network}</b>" in html
    assert "data-copy=" in html


def test_it_gives_two_stories_of_one_title_two_addresses(
    told: Callable[..., Story], supervisor: Member
):
    first = told()
    other = initiative(by=supervisor)
    second = services.write(initiative=other, member=supervisor, language="ko", words=WORDS, base=0)

    assert second.slug == f"{first.slug}-{other.pk}"

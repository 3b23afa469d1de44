"""Somebody with a phone reads what was changed; an agent copies a post about it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from desk import member
from shipments import initiative
from sori.change.stories import services
from sori.change.stories.models import Story
from sori.lake.store import Lake
from sori.staff.models import Member, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "title": "배송을 이틀 앞당겼어요",
    "said": "배송이 너무 늦다고 하셨어요.\n기다리기 힘드셨죠.",
    "changed": "수도권에 물류 센터를 열었어요.",
    "numbers": "1,000건당 12.4건이던 말씀이 3.1건이 됐어요.",
    "quote": "",
}


@pytest.fixture
def supervisor(site: str) -> Member:
    return member("박도윤", Role.SUPERVISOR)


@pytest.fixture
def story(supervisor: Member, lake: Lake) -> Story:
    shipped = initiative(by=supervisor)
    made = services.write(initiative=shipped, member=supervisor, language="ko", words=WORDS, base=0)
    services.publish(story=made, member=supervisor)
    return made


def test_it_is_read_on_a_phone_without_script(
    chromium: Browser, site: str, korean: None, story: Story, keep: Callable[[Page, str], None]
):
    context = chromium.new_context(
        base_url=site, locale="ko-KR", viewport={"width": 390, "height": 844},
        java_script_enabled=False, color_scheme="dark",
    )  # fmt: skip
    phone = context.new_page()
    phone.goto("/changes/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("말씀하셔서 바꿨어요")
    phone.get_by_role("link", name=WORDS["title"]).click()

    expect(phone.get_by_role("heading", level=1)).to_have_text(WORDS["title"])
    expect(phone.get_by_role("heading", name="이렇게 바꿨어요")).to_be_visible()
    expect(phone.get_by_text("3.1건이 됐어요")).to_be_visible()
    keep(phone, "story-phone")
    phone.get_by_role("link", name="English").click()
    expect(phone.get_by_role("note")).to_contain_text("not there in English yet")


def test_it_fits_a_phone(chromium: Browser, site: str, korean: None, story: Story):
    context = chromium.new_context(
        base_url=site, locale="ko-KR", viewport={"width": 390, "height": 844}
    )
    phone = context.new_page()
    for path in ("/changes/ko/", f"/changes/ko/{story.slug}/"):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_it_gives_a_post_to_copy(
    visit: Callable[..., Page], supervisor: Member, story: Story, site: str
):
    page = visit(supervisor, f"/stories/{story.pk}/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.get_by_role("button", name="복사").first.click()
    page.wait_for_function(
        "navigator.clipboard.readText().then(text => text.includes('/changes/'))"
    )
    assert WORDS["title"] in page.evaluate("navigator.clipboard.readText()")

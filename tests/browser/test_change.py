"""One theme all the way: an initiative, shipped, everybody told, looked at whether it helped."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

import loops_of as loops
from desk import member, say
from sori import flow
from sori.change.initiatives.models import Initiative
from sori.change.loops.models import Telling
from sori.change.models import Correction, Theme
from sori.change.outcomes.models import Outcome
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.staff.models import Member, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ("김하은", "이도윤", "박서준", "최지우")


@pytest.fixture
def boss(transactional_db: None) -> Member:
    return member("한지우", Role.SUPERVISOR)


@pytest.fixture
def theme(lake: Lake, boss: Member, monkeypatch: pytest.MonkeyPatch) -> Theme:
    """Four people said it, one of them twice."""
    loops.install(monkeypatch, "email")
    reader = Reader(lake)
    for name in ("reader", "counting_reader"):
        monkeypatch.setattr(f"sori.listen.memory.{name}", lambda: reader)
    mail = loops.place("email")
    say(lake, *(loops.voice(mail, f"{name}@x.kr", author_name=name) for name in (*NAMES, NAMES[0])))
    now = timezone.now()
    made = Theme.objects.create(
        number=7, name="어두운 화면", central="검은 화면이 있으면 좋겠어요", central_public=True,
        voices=5, people=4, first_seen=now, last_seen=now,
    )  # fmt: skip
    ids = reader.table("select id from mentions").column("id").to_pylist()
    Correction.objects.bulk_create(
        [Correction(mention=one, theme=made, belongs=True, member=boss, at=now) for one in ids]
    )
    return made


def test_a_theme_becomes_a_change_that_everybody_hears_of(
    visit: Callable[..., Page], keep: Callable[[Page, str], None], boss: Member, theme: Theme
):
    page = visit(boss, "/themes/7/")
    page.get_by_role("link", name="개선 과제로").first.click()
    page.get_by_role("button", name="제안하기").click()
    decision = page.locator("#decision")
    decision.get_by_text("하기로 함").click()
    page.get_by_label("이유").fill("많은 분이 바라셨어요")
    page.get_by_role("button", name="결정하기").click()
    decision.get_by_role("button", name="진행").click()
    decision.get_by_role("button", name="반영").click()
    expect(page.locator(".notice")).to_contain_text("아직 몰라요")

    page.locator(".views").get_by_role("link", name="알리기").click()
    expect(page.locator(".kpi b").first).to_have_text("4")
    page.get_by_role("button", name="저장하고 모든 모양 보기").click()
    expect(page.locator(".variants li")).to_have_count(1)
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="4명에게 알리기").click()
    expect(page.locator("#progress h2")).to_contain_text("4명 중 0명")
    Telling.objects.update(quiet_from=0, quiet_until=0)
    loops.tell_all(Telling.objects.get())
    page.reload()
    expect(page.locator(".kpi b").last).to_have_text("100%")
    keep(page, "change-told")

    assert sorted(loops.received().values()) == [1, 1, 1, 1]
    assert Initiative.objects.get().stage == Initiative.Stage.TOLD

    flow.check_outcomes()
    page.locator(".views").get_by_role("link", name="효과").click()
    expect(page.locator("main")).to_contain_text("비교할 것이 없습니다")
    keep(page, "change-outcome")
    assert Outcome.objects.get().verdict == "unknown"  # nobody had counted it before

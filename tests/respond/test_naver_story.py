"""A post in a Naver cafe is found, waits in the inbox, is answered there, and waits no more."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from desk import member, signed_in
from peers.naver import NaverSearch, searching
from sori import flow
from sori.channels import registry
from sori.channels.naver.door import Naver
from sori.lake.store import Lake
from sori.listen.models import Run, Source
from sori.listen.rules import save_query
from sori.listen.services import add_source
from sori.respond.models import Case, Clock, Message
from sori.staff.models import Role

pytestmark = pytest.mark.django_db

COMPLAINT = "소리폰 이어폰이 일주일째 한쪽만 들려요. 환불은 어떻게 받나요? 답변 부탁드립니다."


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Iterator[NaverSearch]:
    installed, ours = registry.channel, Naver()
    monkeypatch.setattr(registry, "channel", lambda n: ours if n == "naver" else installed(n))
    with searching() as place:
        yield place


def connected(search: NaverSearch, **settings: Any) -> Source:
    chosen = search.settings("소리폰", blog=False, cafe=True, **settings)
    return add_source(name="네이버", channel="naver", settings=chosen, keep="matched")


def looked(source: Source) -> int:
    Source.objects.filter(pk=source.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    source.refresh_from_db()
    stored = flow.turn(source)
    flow.receive()
    source.refresh_from_db()
    return stored


def test_a_cafe_post_is_heard_answered_there_and_written_down(search: NaverSearch, lake: Lake):
    save_query(name="환불", expression="환불 AND 소리폰")
    search.cafe("소리폰 환불 몇 년 전 글")
    source = connected(search)
    assert looked(source) == 0

    post = search.cafe(COMPLAINT, title="<b>소리폰</b> 이어폰")
    search.cafe("소리폰 색이 예쁘네요")
    assert looked(source) == 1
    told = Run.objects.filter(source=source).latest("pk")
    assert (told.seen, told.stored, told.not_matched) == (2, 1, 1)

    case = Case.objects.get()
    browser = signed_in(member(role=Role.AGENT))
    assert "소리폰 이어폰" in browser.get("/inbox/").content.decode()
    page = browser.get(f"/inbox/{case.pk}/").content.decode()
    assert COMPLAINT in page
    assert "레몬테라스" in page
    assert "This cannot be answered from here" in page
    assert f'href="{post["link"]}"' in page
    asked = Message.objects.get()
    assert Clock.objects.filter(case=case, outcome="running").exists()

    answer = browser.post(
        f"/inbox/{case.pk}/remember/",
        {"answers": asked.pk, "body": "댓글로 환불 방법을 알렸습니다"},
    )

    assert answer.status_code in {200, 302}
    assert not Clock.objects.filter(case=case, outcome="running").exists()
    assert (
        "Given elsewhere, written down here" in browser.get(f"/inbox/{case.pk}/").content.decode()
    )
    assert looked(source) == 0
    assert Case.objects.count() == 1


def test_a_source_that_used_up_its_day_says_so_and_keeps_what_it_heard(
    search: NaverSearch, lake: Lake
):
    save_query(name="소리폰", expression="소리폰")
    source = connected(search, earlier=True, calls_per_day=1, news=True)
    search.cafe(COMPLAINT)

    assert looked(source) == 1

    assert source.state == Source.State.ACTIVE
    assert "1 searches are used up" in source.error
    assert source.due_at > timezone.now()
    assert source.cursor["calls"] == 1
    assert len(search.asked) == 1


def test_a_refused_application_asks_for_attention(search: NaverSearch, lake: Lake):
    source = connected(search, client_secret="wrong")

    assert looked(source) == 0

    assert source.state == Source.State.BROKEN
    assert "024" in source.error
    assert "wrong" not in source.error
    assert source.cursor["calls"] == 1


def test_the_settings_are_a_form_and_the_secret_stays_hidden(search: NaverSearch, home: object):
    browser = signed_in(member(role=Role.ADMIN))
    page = browser.get("/sources/new/naver/").content.decode()
    assert "Words to look for" in page
    given = {
        "name": "네이버",
        "interval": "600",
        "keep": "matched",
        "settings-client_id": "sori",
        "settings-client_secret": "hush-hush",
        "settings-words": "소리폰\n소리 폰",
        "settings-address": "https://openapi.naver.com",
        "settings-calls_per_day": "20000",
        "settings-pause": "0.2",
        "settings-display": "100",
    }

    refusal = browser.post("/sources/new/naver/", given)
    assert "choose at least one place to look in" in refusal.content.decode()
    browser.post("/sources/new/naver/", given | {"settings-cafe": "on"})

    source = Source.objects.get()
    assert source.settings["words"] == ["소리폰", "소리 폰"]
    assert "hush" not in str(source.settings)
    assert "hush" not in browser.get(f"/sources/{source.pk}/settings/").content.decode()

"""Beside a case that asks about it: this was said already, and can be said again with one key."""

from collections.abc import Callable

from django.utils import timezone

from desk import alike, letter, opened, say, signed_in, source
from sori.change.models import Theme
from sori.change.notices.models import Notice
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.respond.models import Message
from sori.staff.models import Member

Told = Callable[..., Notice]


def beside(message: Message, who: Member) -> str:
    path = f"/notices/for-case/{message.conversation.case_id}/"
    return signed_in(who).get(path).content.decode()


def test_it_offers_the_words_to_a_case_of_the_same_theme(lake: Lake, told: Told, agent: Member):
    now = timezone.now()
    Theme.objects.create(number=7, name="로그인", first_seen=now, last_seen=now)
    told(sort="theme", key="7")
    message, *_others = alike(lake, 7, 1)

    page = beside(message, agent)

    assert "This was said already" in page
    assert "오늘 아침부터 앱 로그인이 느려요." in page
    assert "/notices/now/" in page


def test_it_offers_them_to_a_case_that_a_listening_rule_found(
    lake: Lake, told: Told, agent: Member
):
    told(sort="query", key="3")
    say(lake, letter(source(), "접속이 안 돼요", queries=[3]))
    say(lake, letter(source(), "다른 이야기", queries=[4]))
    first, second = Message.objects.order_by("pk")

    assert "This was said already" in beside(first, agent)
    assert "This was said already" not in beside(second, agent)


def test_it_offers_them_to_whoever_uses_its_words(lake: Lake, told: Told, agent: Member):
    told(words=["로그인", "접속 오류"])

    assert "This was said already" in beside(opened(lake, text="접속  오류가 나요"), agent)
    assert "This was said already" not in beside(opened(lake, text="배송은 언제?"), agent)


def test_it_offers_nothing_that_is_not_shown(lake: Lake, drafted: Told, agent: Member):
    drafted(words=["배송"])

    assert beside(opened(lake), agent).strip() == ""


def test_it_speaks_the_language_of_the_customer(lake: Lake, told: Told, agent: Member):
    told(words=["log in"], title_en="Signing in is slow", what_en="We know of it.")
    page = beside(opened(lake, text="I cannot log in!"), agent)

    assert "We know of it." in page
    assert "오늘 아침부터" not in page


def test_it_writes_down_that_the_words_were_used(lake: Lake, told: Told, agent: Member):
    notice, message = told(words=["배송"]), opened(lake)
    case = message.conversation.case_id
    browser = signed_in(agent)

    assert browser.post(f"/notices/{notice.pk}/used/", {"case": case}).status_code == 204
    assert browser.post(f"/notices/{notice.pk}/used/", {"case": "x"}).status_code == 404
    event = Event.objects.get(kind="notice.used")
    assert event.data == {"notice": notice.pk, "case": case}

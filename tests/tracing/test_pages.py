"""Pages that show where voices went."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk import letter, member, only_case, opened, post, say, signed_in, source
from sori.change.initiatives import services as initiatives
from sori.change.initiatives.models import Evidence
from sori.change.models import Ending, Theme
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.mention import mention_id
from sori.respond.models import Case, Message
from sori.respond.services import decide_no_answer, remember_answer
from sori.staff.models import Role
from sori.staff.permissions import PERMISSIONS, Permission
from traced import fill, idea

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_counts")]


def page(browser: Client, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def boss() -> Client:
    return signed_in(member("서연", Role.SUPERVISOR))


def test_it_shows_the_way_of_a_letter_to_its_answer(lake: Lake) -> None:
    asked = opened(lake, kind="question", urgency=1)
    who = member("도윤")
    at = asked.at + timedelta(minutes=34)
    remember_answer(answers=asked.pk, member=who, body="내일 도착해요.", at=at)
    seen = page(signed_in(), f"/trace/{asked.mention}/")
    assert "배송이 언제 오나요?" in seen
    assert f'href="/inbox/{only_case().pk}/"' in seen
    assert "Answered by 도윤" in seen
    assert "after 34 min" in seen
    assert "Deserves an answer: somebody spoke to us" in seen


def test_it_shows_who_signed_that_nobody_answers(lake: Lake) -> None:
    asked = opened(lake)
    decide_no_answer(case=only_case().pk, member=member("도윤"), reason="nothing_to_add")
    seen = page(signed_in(), f"/trace/{asked.mention}/")
    assert "도윤 signed: no answer" in seen
    assert "Not answered, signed" in seen


def test_it_shows_theme_and_initiative_of_an_idea(lake: Lake) -> None:
    now = timezone.now()
    Theme.objects.create(number=3, name="야간 상담", people=7, first_seen=now, last_seen=now)
    mention, who = idea(lake, theme=3), member()
    row = initiatives.begin(
        member=who, title="밤에도 열기", evidence=[(Evidence.Sort.THEME, "3", "")]
    )
    seen = page(signed_in(), f"/trace/{mention}/")
    assert 'href="/themes/3/"' in seen
    assert f'href="/initiatives/{row.pk}/"' in seen
    assert "An idea: in an initiative" in seen


def test_it_shows_what_is_left_of_what_was_deleted(lake: Lake) -> None:
    asked = opened(lake)
    Message.objects.update(withdrawn_at=timezone.now(), body="")
    lake.forget(ids=[str(asked.mention)])
    seen = page(signed_in(), f"/trace/{asked.mention}/")
    assert "Deleted where it was said" in seen
    assert "배송" not in seen


@pytest.mark.parametrize("name", ["none", "20261122" + "0" * 20, "2026112"])
def test_it_knows_no_voice_that_was_never_heard(lake: Lake, name: str) -> None:
    opened(lake)
    assert signed_in().get(f"/trace/{name}/").status_code == 404


def test_it_finds_by_id_case_and_words(lake: Lake) -> None:
    asked = opened(lake, text="환불이 [안] 돼요 100%")
    say(lake, letter(source(), "다른 이야기"))
    browser = signed_in()
    found = browser.get("/trace/", {"q": asked.mention})
    assert found["Location"] == f"/trace/{asked.mention}/"
    for words in (f"#{asked.conversation.case_id}", "환불이 [안]", "100%"):
        seen = browser.get("/trace/", {"q": words}).content.decode()
        assert f"/trace/{asked.mention}/" in seen
        assert "다른 이야기" not in seen
    for words in ("없는 말", "'; --", "\0", "x" * 500):
        assert "Nothing found" in browser.get("/trace/", {"q": words}).content.decode()


def test_it_keeps_private_words_from_whoever_may_not_read_the_inbox(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = opened(lake, text="제 번호는 비밀이에요")
    contributor = PERMISSIONS[Role.CONTRIBUTOR] - {Permission.READ_INBOX}
    monkeypatch.setitem(PERMISSIONS, Role.CONTRIBUTOR, contributor)
    browser = signed_in(member("은지", Role.CONTRIBUTOR))
    for path in (f"/trace/{asked.mention}/", "/trace/?q=비밀이에요", "/trace/orphans/"):
        seen = page(browser, path)
        assert "제 번호는" not in seen
        assert f"/inbox/{only_case().pk}/" not in seen
    for asked_for in (f"%23{only_case().pk}", "비밀이에요"):
        assert "Nothing found" in page(browser, f"/trace/?q={asked_for}")


def test_it_counts_where_all_of_them_ended(lake: Lake) -> None:
    fill(lake, 20)
    seen = page(boss(), "/trace/orphans/")
    assert "No voice is lost" in seen
    assert "Unsorted ideas" in seen
    assert seen.count("밤에도 열어 주세요") == 4


def test_it_names_what_is_lost_and_why(lake: Lake) -> None:
    opened(lake, text="어디로 갔나요")
    Case.objects.update(status=Case.Status.RESOLVED)
    seen = page(boss(), "/trace/orphans/")
    assert "1 voice is lost" in seen
    assert "Its case was closed without an answer or a signed decision." in seen


def test_it_counts_again_on_request_only(lake: Lake) -> None:
    opened(lake)
    browser = boss()
    page(browser, "/trace/orphans/")
    Case.objects.update(status=Case.Status.RESOLVED)
    assert "No voice is lost" in page(browser, "/trace/orphans/")
    assert browser.get("/trace/orphans/?again=1").status_code == 302
    assert "1 voice is lost" in page(browser, "/trace/orphans/")


def test_it_lets_a_supervisor_sort_an_idea_with_a_reason(lake: Lake) -> None:
    mention, browser = idea(lake), boss()
    path = f"/trace/{mention}/end/"
    assert browser.post(path, {"verdict": "kept", "why": " "}).status_code == 422
    assert browser.post(path, {"verdict": "lost", "why": "x"}).status_code == 422
    assert not Ending.objects.exists()
    sent = browser.post(path, {"verdict": "kept", "why": "다음 개편 때 봐요", "list": "1"})
    assert sent["Location"] == "/trace/orphans/"
    assert "밤에도" not in page(browser, "/trace/orphans/")
    seen = page(browser, f"/trace/{mention}/")
    assert "다음 개편 때 봐요" in seen
    assert Event.objects.get(kind="mention.ended").data == {"verdict": "kept"}
    browser.post(f"/trace/{mention}/wait/")
    assert not Ending.objects.exists()


def test_it_lets_a_supervisor_sign_all_that_is_shown_and_nothing_else(lake: Lake) -> None:
    asked = opened(lake)
    ideas, browser = [idea(lake), idea(lake)], boss()
    sent = {"mention": [*ideas, asked.mention, "x"], "verdict": "kept", "why": ""}
    browser.post("/trace/orphans/end/", sent)
    assert not Ending.objects.exists()
    browser.post("/trace/orphans/end/", sent | {"why": "다 읽었어요"})
    assert set(Ending.objects.values_list("mention", flat=True)) == set(ideas)


def test_it_does_not_let_anybody_sign_away_what_a_case_holds(lake: Lake) -> None:
    asked = opened(lake)
    boss().post(f"/trace/{asked.mention}/end/", {"verdict": "declined", "why": "x"})
    assert not Ending.objects.exists()


def test_it_forgets_a_signature_with_its_mention(lake: Lake) -> None:
    from sori.change.forgetting import forget

    mention = idea(lake)
    Ending.objects.create(
        mention=mention, verdict="kept", why="김하은 님 말", member=member(), at=timezone.now()
    )
    forget([mention])
    assert not Ending.objects.exists()


def test_it_lists_every_sentence_behind_an_initiative(
    lake: Lake, django_assert_max_num_queries: Any
) -> None:
    place, who = source(), member()
    rows = [post(place, f"문장 {number}", kind="idea", answer=False) for number in range(70)]
    say(lake, *rows)
    ids = [mention_id(row["channel"], row["external_id"], row["published_at"]) for row in rows]
    row = initiatives.begin(
        member=who,
        title="모두 보기",
        evidence=[(Evidence.Sort.MENTION, one, "") for one in ids[:20]],
    )
    for one in ids[20:]:
        initiatives.attach(initiative=row, member=who, sort=Evidence.Sort.MENTION, key=one)
    browser = signed_in(who)
    with django_assert_max_num_queries(40):
        first = page(browser, f"/trace/initiative/{row.pk}/")
    assert first.count("문장 ") == 50
    following = first.partition('rel="next" href="')[2].partition('"')[0]
    assert page(browser, f"/trace/initiative/{row.pk}/{following}").count("문장 ") == 20

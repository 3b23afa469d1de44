"""The pages of initiatives: what each role sees and may do, with a fixed number of questions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import batch, letter, member, opened, post, signed_in, source
from sori.change.initiatives import discussing, services
from sori.change.initiatives.models import Evidence, Initiative
from sori.lake.store import Lake
from sori.respond.models import Case
from sori.staff.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def steering(boss):
    return signed_in(boss)


@pytest.fixture
def viewer(db):
    return signed_in(member("구경꾼", Role.VIEWER))


def text(response) -> str:
    return response.content.decode()


def spoken(lake: Lake, **row) -> str:
    """One public sentence in the lake; returns its id."""
    place = source("web")
    said = batch(post(place, **row))
    lake.append(said, source=place.pk, sequence=1)
    return said.column("id")[0].as_py()


def test_it_shows_every_initiative_in_its_column(lake, begun, steering):
    begun("들은 것")
    begun("하기로 한 것", decision="yes")
    begun("만드는 것", decision="yes", stage="doing")

    page = text(steering.get("/initiatives/"))

    heard, doing = page.index('id="stage-heard"'), page.index('id="stage-doing"')
    assert heard < page.index("들은 것") < page.index('id="stage-considered"')
    assert doing < page.index("만드는 것")


def test_it_keeps_what_waits_to_be_told_on_the_board_however_old(begun, steering):
    begun("알려야 할 것", decision="no")
    over = services.mark_told(begun("끝난 것", decision="no"))
    long_ago = timezone.now() - timedelta(days=400)
    Initiative.objects.update(moved_at=long_ago, created_at=long_ago)

    page = text(steering.get("/initiatives/"))

    assert "알려야 할 것" in page
    assert over.title not in page
    assert over.title in text(steering.get("/initiatives/timeline/"))


def test_it_counts_those_whose_people_wait(begun, steering):
    begun("알려야 할 것", decision="yes", stage="shipped")
    begun("아직", decision="yes")

    page = text(steering.get("/initiatives/to-tell/"))

    assert "알려야 할 것" in page
    assert "아직" not in page


def test_it_says_how_late_one_is(begun, steering, boss):
    row = begun("늦은 것", decision="yes", stage="doing")
    Initiative.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=3))

    for path in ("/initiatives/", "/initiatives/timeline/", f"/initiatives/{row.pk}/"):
        assert "3 days late" in text(steering.get(path))


def test_it_narrows_to_mine(begun, steering, boss):
    mine, _other = begun("내 것"), begun("남의 것")
    Initiative.objects.filter(pk=mine.pk).update(owner=boss)

    page = text(steering.get("/initiatives/?mine=yes"))

    assert "내 것" in page
    assert "남의 것" not in page


@pytest.mark.parametrize(
    "query", ["?department=x", "?stage=nowhere", "?page=99", "?department=99999999999999999999"]
)
def test_it_leaves_out_what_is_misspelt(begun, steering, query):
    begun("여기 있는 것")

    assert "여기 있는 것" in text(steering.get(f"/initiatives/timeline/{query}"))


def test_it_is_moved_from_the_board(begun, steering):
    row = begun(decision="yes")

    answer = steering.post(f"/initiatives/{row.pk}/move/", {"stage": "doing", "board": "1"})

    assert answer["Location"] == "/initiatives/"
    row.refresh_from_db()
    assert row.stage == "doing"


def test_it_says_why_it_cannot_be_moved(begun, steering):
    row = begun()

    page = text(steering.post(f"/initiatives/{row.pk}/move/", {"stage": "doing"}, follow=True))

    assert "Decide first" in page


def test_it_decides_with_a_reason(begun, steering):
    row = begun()
    said = {"decision": "no", "reason": "법으로 정해져 있어요"}

    page = text(steering.post(f"/initiatives/{row.pk}/decide/", said, follow=True))

    assert "법으로 정해져 있어요" in page
    assert "do not know yet" in page


def test_it_gives_the_words_of_a_refused_decision_back(begun, steering):
    row = begun()
    said = {"decision": "later", "reason": "내년 예산으로"}

    answer = steering.post(f"/initiatives/{row.pk}/decide/", said)

    assert answer.status_code == 422
    assert "내년 예산으로" in text(answer)
    row.refresh_from_db()
    assert row.decision == ""


def test_it_is_signed_and_reopened(begun, steering):
    row = begun(decision="no")

    page = text(
        steering.post(f"/initiatives/{row.pk}/sign/", {"words": "모두 퇴사하셨어요"}, follow=True)
    )
    assert "signed that nobody is told: 모두 퇴사하셨어요" in page

    steering.post(f"/initiatives/{row.pk}/reopen/", {"words": "다시 볼 때예요"})
    row.refresh_from_db()
    assert row.stage == "considered"


def test_it_begins_from_a_theme(lake, theme, steering):
    page = text(steering.get("/initiatives/new/?theme=7"))
    assert theme.central in page
    assert f'value="{theme.name}"' in page

    steering.post("/initiatives/new/?theme=7", {"title": "로그인 유지", "summary": ""})

    assert list(Evidence.objects.values_list("sort", "key")) == [("theme", "7")]


def test_it_begins_from_a_case(lake, steering):
    case = opened(lake, text="배송이 늦어요").conversation.case

    steering.post(f"/initiatives/new/?case={case.pk}", {"title": "배송 알림"})

    piece = Evidence.objects.get()
    assert (piece.sort, piece.key) == ("case", str(case.pk))
    page = text(steering.get(f"/initiatives/{piece.initiative_id}/"))
    assert f'href="/inbox/{case.pk}/"' in page


def test_it_begins_from_one_sentence(lake, steering):
    said = spoken(lake, text="요금제 이름이 너무 어려워요")

    assert "요금제 이름이 너무 어려워요" in text(steering.get(f"/initiatives/new/?mention={said}"))
    steering.post(f"/initiatives/new/?mention={said}", {"title": "요금제 이름"})

    piece = Evidence.objects.get()
    assert (piece.key, piece.quote) == (said, "요금제 이름이 너무 어려워요")


def test_it_adds_evidence_to_one_that_is_there(lake, theme, begun, steering):
    row = begun("있던 것")

    assert "있던 것" in text(steering.get("/initiatives/new/?theme=7"))
    steering.post("/initiatives/attach/", {"theme": "7", "initiative": row.pk})

    assert row.evidence.get().key == "7"


@pytest.mark.parametrize(
    "query", ["theme=8", "theme=x", "case=1", "mention=1", f"mention={'20261120' + '3' * 20}"]
)
def test_it_begins_with_nothing_that_is_not_there(lake, steering, query):
    assert steering.get(f"/initiatives/new/?{query}").status_code == 404


def test_it_lets_go_of_evidence(lake, theme, begun, boss, steering):
    row = begun()
    services.attach(initiative=row, member=boss, sort="theme", key="7")

    steering.post(f"/initiatives/{row.pk}/detach/", {"sort": "theme", "key": "7"})

    assert not row.evidence.exists()


def test_it_shows_private_words_only_to_those_who_may_read_them(lake, begun, boss, viewer):
    place = source()
    said = batch(letter(place, "제 전화번호로 꼭 연락 주세요"))
    lake.append(said, source=place.pk, sequence=1)
    row = begun()
    services.attach(
        initiative=row,
        member=boss,
        sort="mention",
        key=said.column("id")[0].as_py(),
        quote="제 전화번호로 꼭 연락 주세요",
    )
    case = opened(lake, title="비밀 이야기").conversation.case
    services.attach(initiative=row, member=boss, sort="case", key=str(case.pk), quote="비밀 이야기")

    for path in (f"/initiatives/{row.pk}/", f"/initiatives/{row.pk}.json"):
        hidden = text(viewer.get(path))
        assert "꼭 연락" not in hidden
        assert "비밀" not in hidden
        assert "김하은" not in hidden
    assert "꼭 연락" in text(signed_in(boss).get(f"/initiatives/{row.pk}/"))


def test_it_shows_public_words_to_everybody_without_ways_to_reach_their_author(
    lake, begun, boss, viewer
):
    said = spoken(lake, text="010-1234-5678 로 전화했는데 안 받아요")
    row = begun()
    services.attach(initiative=row, member=boss, sort="mention", key=said)

    page = text(viewer.get(f"/initiatives/{row.pk}/"))

    assert "전화했는데 안 받아요" in page
    assert "1234" not in page


def test_it_hides_the_private_sentence_of_a_theme(lake, theme, begun, boss, viewer):
    theme.central_public = False
    theme.save()
    row = begun()
    services.attach(initiative=row, member=boss, sort="theme", key="7")

    assert theme.central not in text(viewer.get(f"/initiatives/{row.pk}/"))
    assert theme.name in text(viewer.get(f"/initiatives/{row.pk}/"))


def test_it_shows_no_deeds_to_those_who_may_only_look(lake, begun, viewer):
    row = begun(decision="yes")

    page = text(viewer.get(f"/initiatives/{row.pk}/"))

    for deed in ("decide", "move", "discuss", "files", "reopen"):
        assert f"/initiatives/{row.pk}/{deed}/" not in page


def test_it_escapes_what_people_write(lake, begun, boss, steering):
    row = begun("<script>alert(1)</script>")
    discussing.discuss(initiative=row, member=boss, body="<img src=x onerror=alert(1)>")

    for path in ("/initiatives/", "/initiatives/timeline/", f"/initiatives/{row.pk}/"):
        page = text(steering.get(path))
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_it_changes_what_it_says_and_who_answers_for_it(begun, steering, agent):
    row = begun()
    day = timezone.localdate() + timedelta(days=20)
    said = {"title": "새 제목", "summary": "더", "owner": agent.pk, "due_on": day.isoformat()}

    steering.post(f"/initiatives/{row.pk}/edit/", said)

    row.refresh_from_db()
    assert (row.title, row.owner, row.due_on) == ("새 제목", agent, day)


def test_it_offers_only_the_words_to_those_who_do_not_steer(agent):
    row = services.begin(member=agent, title="제안")
    browser = signed_in(agent)

    assert 'name="due_on"' not in text(browser.get(f"/initiatives/{row.pk}/edit/"))
    browser.post(f"/initiatives/{row.pk}/edit/", {"title": "제안 2", "owner": agent.pk})

    row.refresh_from_db()
    assert (row.title, row.owner) == ("제안 2", None)


def test_it_is_seen_from_the_pages_of_its_evidence(lake, theme, begun, boss, steering):
    case = opened(lake).conversation.case
    row = begun("모두 아는 것")
    for sort, key in (("theme", "7"), ("case", str(case.pk))):
        services.attach(initiative=row, member=boss, sort=sort, key=key)

    for path in ("/initiatives/of-theme/7/", f"/initiatives/of-case/{case.pk}/"):
        assert "모두 아는 것" in text(steering.get(path))
    assert "/initiatives/of-theme/7/" in text(steering.get("/themes/7/"))
    assert f"/initiatives/of-case/{case.pk}/" in text(steering.get(f"/inbox/{case.pk}/"))


def test_it_offers_each_message_of_a_case(lake, steering):
    said = opened(lake)

    page = text(steering.get(f"/inbox/{said.conversation.case_id}/"))

    assert f"/initiatives/new/?mention={said.mention}" in page


@pytest.mark.parametrize(
    "path", ["/initiatives/", "/initiatives/timeline/", "/initiatives/to-tell/"]
)
def test_it_asks_no_more_for_many_than_for_few(begun, steering, boss, path):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            steering.get(path)
        return len(queries)

    begun(decision="no")
    steering.get(path)
    few = asked()
    for number in range(8):
        row = begun(f"많은 것 {number}", decision="no")
        Initiative.objects.filter(pk=row.pk).update(owner=boss)

    assert asked() == few


def test_it_asks_no_more_for_much_evidence_and_talk(lake, theme, begun, boss, steering):
    row = begun()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            steering.get(f"/initiatives/{row.pk}/")
        return len(queries)

    def more() -> None:
        said = opened(lake, author_id=f"{Case.objects.count()}@x.kr")
        for sort, key in (
            ("case", str(said.conversation.case_id)),
            ("mention", said.mention),
        ):
            services.attach(initiative=row, member=boss, sort=sort, key=key)
        discussing.discuss(initiative=row, member=boss, body="@정하윤 님, 어때요?")

    services.attach(initiative=row, member=boss, sort="theme", key="7")
    more()
    steering.get(f"/initiatives/{row.pk}/")
    few = asked()
    for _ in range(4):
        more()

    assert asked() == few

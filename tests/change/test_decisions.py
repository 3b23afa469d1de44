"""What people decide about themes stands in every later run, and can be taken back exactly."""

from collections.abc import Callable

import pytest
from django.test import Client

from crowd import ALONE, LOGIN, PARCEL, say, say_all, voice
from sori.change import selectors, services
from sori.change.models import Correction, Dismissal, Round, Theme, ThemeChange, ThemeRun
from sori.errors import Refused
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
Weigh = Callable[[], ThemeRun]
Named = Callable[[str], Theme]


@pytest.fixture
def supervisor() -> Member:
    return Member.objects.create_user("s@example.com", name="도윤", role=Role.SUPERVISOR)


@pytest.fixture
def desk(supervisor: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(supervisor)
    return client


@pytest.fixture
def two(lake: Lake, weigh: Weigh, named: Named) -> tuple[int, int]:
    """The themes of login and parcel."""
    say_all(lake, *LOGIN, *PARCEL)
    weigh()
    return named("로그인").pk, named("배송").pk


def kinds(about: str) -> list[str]:
    return list(Event.objects.filter(about=about).values_list("kind", flat=True))


def test_it_keeps_a_name_through_later_runs(two: tuple[int, int], desk: Client, weigh: Weigh):
    login, _ = two
    desk.post(f"/themes/{login}/rename/", {"name": "  앱이   안 열림 "})

    weigh()

    theme = Theme.objects.get(pk=login)
    assert (theme.name, theme.named) == ("앱이 안 열림", True)
    change = ThemeChange.objects.get(what="renamed")
    assert (change.words[1], change.member.name) == ("앱이 안 열림", "도윤")  # type: ignore[union-attr]
    assert kinds(f"theme:{login}") == ["theme.renamed"]


def test_it_gives_a_name_back_to_the_machine(two: tuple[int, int], desk: Client):
    login, _ = two
    before = Theme.objects.get(pk=login).name
    desk.post(f"/themes/{login}/rename/", {"name": "앱이 안 열림"})
    desk.post(f"/themes/{login}/rename/", {"name": ""})

    theme = Theme.objects.get(pk=login)
    assert (theme.name, theme.named) == (before, False)
    assert desk.post(f"/themes/{login}/rename/", {"name": "가" * 121}).status_code == 302
    assert Theme.objects.get(pk=login).name == before


def test_it_merges_and_takes_apart_exactly(two: tuple[int, int], desk: Client, weigh: Weigh):
    login, parcel = two
    before = list(Theme.objects.order_by("pk").values())

    desk.post(f"/themes/{parcel}/merge/", {"other": login})
    weigh()
    assert selectors.family(login) == [login, parcel]
    assert Theme.objects.get(pk=login).people == 9
    desk.post(f"/themes/{parcel}/part/")
    weigh()

    assert list(Theme.objects.order_by("pk").values()) == before
    changes = ThemeChange.objects.filter(theme=login, member__isnull=False).order_by("pk")
    assert [change.what for change in changes] == ["merged", "parted"]
    assert kinds(f"theme:{parcel}") == ["theme.merged", "theme.parted"]


def test_it_refuses_mergers_that_go_round(two: tuple[int, int], supervisor: Member, desk: Client):
    login, parcel = two
    services.merge(theme=parcel, into=login, member=supervisor)

    for theme, into in ((login, login), (login, parcel), (parcel, login)):
        with pytest.raises(Refused):
            services.merge(theme=theme, into=into, member=supervisor)
    assert desk.post(f"/themes/{login}/merge/", {"other": parcel}).status_code == 302
    assert Theme.objects.get(pk=login).merged_into is None


def test_it_goes_through_several_mergers(lake: Lake, weigh: Weigh, supervisor: Member):
    say_all(lake, *LOGIN, *PARCEL, *[f"주차장이 좁아요 {number}" for number in range(3)])
    weigh()
    one, two, three = Theme.objects.order_by("pk")
    services.merge(theme=three.pk, into=two.pk, member=supervisor)
    services.merge(theme=two.pk, into=one.pk, member=supervisor)

    assert selectors.family(one.pk) == [one.pk, two.pk, three.pk]
    weigh()
    assert Theme.objects.get(pk=one.pk).people == 12


def test_it_dismisses_with_a_signed_reason_and_takes_it_back(two: tuple[int, int], desk: Client):
    login, _ = two
    desk.post(f"/themes/{login}/dismiss/", {"reason": "settled", "words": "9월에 고쳤어요"})
    assert f'href="/themes/{login}/"' not in desk.get("/themes/").content.decode()
    listed = desk.get("/themes/?state=hidden").content.decode()
    for said in (f'href="/themes/{login}/"', "It is settled already", "9월에 고쳤어요", "도윤"):
        assert said in listed
    theme = desk.get(f"/themes/{login}/").content.decode()
    assert "Dismissed by 도윤" in theme
    assert "9월에 고쳤어요" in theme

    desk.post(f"/themes/{login}/take-back/")

    assert f'href="/themes/{login}/"' in desk.get("/themes/").content.decode()
    assert "Dismissed by" not in desk.get(f"/themes/{login}/").content.decode()
    assert kinds(f"theme:{login}") == ["theme.hidden", "theme.shown"]
    assert Dismissal.objects.get().taken_back_at


def test_it_asks_for_a_reason(two: tuple[int, int], desk: Client, supervisor: Member):
    login, _ = two
    for said in ({}, {"reason": "x"}, {"reason": "other"}, {"reason": "other", "words": "  "}):
        assert desk.post(f"/themes/{login}/dismiss/", said).status_code == 302
    assert not Theme.objects.get(pk=login).hidden

    services.dismiss(theme=login, reason="other", words="시험 글", member=supervisor)
    services.dismiss(theme=login, reason="settled", words="", member=supervisor)
    assert Dismissal.objects.get().words == "시험 글"


def test_it_takes_a_voice_out_for_good(lake: Lake, desk: Client, weigh: Weigh, named: Named):
    first, *_ = say_all(lake, *LOGIN)
    weigh()
    login = named("로그인").pk

    desk.post(f"/themes/{login}/voices/{first}/correct/", {"verb": "out"})

    assert f"<p>{LOGIN[0]}</p>" not in desk.get(f"/themes/{login}/").content.decode()
    weigh()
    assert named("로그인").voices == 4
    correction = Correction.objects.get()
    desk.post(f"/themes/corrections/{correction.pk}/undo/")
    weigh()
    assert named("로그인").voices == 5
    about = ["theme.corrected", "theme.correction_undone"]
    assert kinds(f"theme:{login}") == about


def test_it_moves_a_voice_to_another_theme(lake: Lake, desk: Client, weigh: Weigh, named: Named):
    first, *_ = say_all(lake, *LOGIN, *PARCEL)
    weigh()
    login, parcel = named("로그인").pk, named("배송").pk

    desk.post(f"/themes/{login}/voices/{first}/correct/", {"verb": "move", "other": parcel})

    assert f"<p>{LOGIN[0]}</p>" in desk.get(f"/themes/{parcel}/").content.decode()
    weigh()
    assert (named("로그인").voices, named("배송").voices) == (4, 5)

    # and back again: a voice has one home
    desk.post(f"/themes/{parcel}/voices/{first}/correct/", {"verb": "move", "other": login})
    weigh()
    assert (named("로그인").voices, named("배송").voices) == (5, 4)
    assert Correction.objects.filter(undone_at=None).count() == 1


def test_it_corrects_only_voices_of_the_theme(lake: Lake, desk: Client, weigh: Weigh, named: Named):
    say_all(lake, *LOGIN)
    (stranger,) = say(lake, voice(ALONE[0]))
    weigh()
    address = f"/themes/{named('로그인').pk}/voices"

    for mention in (stranger, "x" * 28, "1"):
        assert desk.post(f"{address}/{mention}/correct/", {"verb": "out"}).status_code == 404
    assert not Correction.objects.exists()


def test_it_lets_the_counts_follow_soon(two: tuple[int, int], supervisor: Member):
    login, parcel = two
    Round.objects.create(name="weigh", due_at="2099-01-01T00:00:00Z")

    services.merge(theme=parcel, into=login, member=supervisor)

    due = Round.objects.get(name="weigh").due_at
    assert due
    assert due.year < 2099

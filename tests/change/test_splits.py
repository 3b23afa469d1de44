"""A part that people split off is a theme of its own in every run, and goes back exactly."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crowd import LOGIN, PARCEL, REFUND, say_all
from sori.change import dividing, forgetting, runs, selectors, services
from sori.change.looking import look, standing_parts
from sori.change.models import Correction, Round, Split, Theme, ThemeChange, ThemeRun
from sori.change.splitting import Part, says, split
from sori.errors import Refused
from sori.journal.models import Event
from sori.lake.query import Reader
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
def login(lake: Lake, weigh: Weigh, named: Named) -> int:
    """The theme of ten people who cannot sign in; three of them speak of the app."""
    say_all(lake, *LOGIN, *[f"{text} 앱에서" for text in LOGIN[:2]], *PARCEL)
    weigh()
    return named("로그인").pk


def counts() -> dict[int, tuple[int, int, str]]:
    rows = Theme.objects.filter(merged_into=None)
    return {row.pk: (row.voices, row.people, row.state) for row in rows}


def split_off(theme: int, member: Member, **said: Any) -> int:
    wanted = {"name": "앱에서 로그인", "words": ["앱"], "voices": []} | said
    return dividing.divide(theme=theme, member=member, **wanted)


def test_it_is_heeded_in_every_later_run(login: int, lake: Lake, weigh: Weigh, supervisor: Member):
    before = counts()[login][0]
    part = split_off(login, supervisor)
    weigh()

    assert counts()[part][:2] == (3, 3)
    assert counts()[login][0] == before - 3
    say_all(lake, "앱 로그인이 안 돼요 또", "로그인이 또 안 돼요")
    weigh()
    assert counts()[part][0] == 4
    assert counts()[login][0] == before - 2
    row = Theme.objects.get(pk=part)
    assert (row.name, row.named, "앱" in row.central) == ("앱에서 로그인", True, True)
    kinds = ThemeChange.objects.filter(what="divided").values_list("theme", "before", "after")
    assert sorted(kinds) == [(login, [login], [login, part]), (part, [login], [login, part])]


def test_it_goes_back_exactly(login: int, weigh: Weigh, supervisor: Member, desk: Client):
    before = list(Theme.objects.order_by("pk").values())
    part = split_off(login, supervisor)
    weigh()
    desk.post(f"/themes/splits/{Split.objects.get().pk}/put-back/")
    weigh()

    after = Theme.objects.exclude(pk=part)
    assert list(after.order_by("pk").values()) == before
    assert desk.get(f"/themes/{part}/")["Location"] == f"/themes/{login}/"
    about = Event.objects.filter(about=f"theme:{login}").values_list("kind", flat=True)
    assert list(about) == ["theme.split", "theme.joined"]
    with pytest.raises(Refused):
        services.part(theme=part, member=supervisor)


def test_it_takes_single_sentences_and_gives_older_words_about_them_back(
    login: int, lake: Lake, weigh: Weigh, named: Named, supervisor: Member
):
    ids = [row["id"] for row in selectors.members().to_pylist() if row["theme"] == login]
    services.put_in(mention=ids[0], theme=named("배송").pk, member=supervisor)
    part = split_off(login, supervisor, words=[], voices=ids[:2])
    weigh()
    assert counts()[part][0] == 2
    services.take_out(mention=ids[1], theme=part, member=supervisor)
    weigh()
    assert counts()[part][0] == 1

    dividing.put_back(split=Split.objects.get().pk, member=supervisor)

    standing = Correction.objects.filter(undone_at=None).order_by("pk")
    assert [(one.mention, one.belongs) for one in standing] == [(ids[0], True), (ids[1], False)]


def test_it_lets_a_newer_word_about_one_voice_win(login: int, weigh: Weigh, supervisor: Member):
    part = split_off(login, supervisor)
    weigh()
    (one, *_) = [row["id"] for row in selectors.members().to_pylist() if row["theme"] == part]
    services.put_in(mention=one, theme=login, member=supervisor)
    weigh()

    assert counts()[part][0] == 2


def test_it_refuses_what_could_not_be_put_back(login: int, named: Named, supervisor: Member):
    parcel = named("배송").pk
    with pytest.raises(Refused):
        split_off(login, supervisor, words=[])
    part = split_off(login, supervisor)
    first = Split.objects.get()
    further = split_off(part, supervisor, words=["에서"])
    with pytest.raises(Refused):
        dividing.put_back(split=first.pk, member=supervisor)
    dividing.put_back(split=Split.objects.get(part=further).pk, member=supervisor)
    services.merge(theme=part, into=parcel, member=supervisor)
    with pytest.raises(Refused):
        dividing.put_back(split=first.pk, member=supervisor)
    with pytest.raises(Refused):
        split_off(part, supervisor)
    services.part(theme=part, member=supervisor)
    dividing.put_back(split=first.pk, member=supervisor)
    dividing.put_back(split=first.pk, member=supervisor)
    assert selectors.roots() == {part: login, further: login}
    assert counts().keys() == {login, parcel}


def test_it_looks_again_when_a_run_was_made_without_a_split(
    login: int, lake: Lake, supervisor: Member, monkeypatch: pytest.MonkeyPatch
):
    say_all(lake, *REFUND, heard_at=timezone.now())
    Round.objects.create(name=runs.ROUND, due_at=timezone.now(), asked_at=timezone.now())
    made: list[int] = []

    def meanwhile(*asked: Any) -> Any:
        found = look(*asked)
        if not made:
            made.append(split_off(login, supervisor))
        return found

    monkeypatch.setattr(runs, "look", meanwhile)
    before = ThemeRun.objects.count()
    assert runs.weigh(Reader(lake)) == 1
    assert ThemeRun.objects.count() == before
    assert Theme.objects.filter(pk__gte=made[0]).count() == 1

    assert runs.weigh(Reader(lake)) == 1
    assert ThemeRun.objects.count() == before + 1
    assert Theme.objects.filter(name__contains="환불").get().pk > made[0]


def test_it_forgets_the_sentences_of_somebody_who_is_forgotten(login: int, supervisor: Member):
    ids = [row["id"] for row in selectors.members().to_pylist() if row["theme"] == login]
    split_off(login, supervisor, words=[], voices=ids[:2])

    forgetting.forget([ids[0]])

    assert Split.objects.get().voices == [ids[1]]


def test_it_shows_both_sides_before_it_splits(login: int, desk: Client):
    address = f"/themes/{login}/split/"
    html = desk.get(f"{address}?words=앱").content.decode()
    part, stays = html.split('<section class="card c6">')[1:]
    assert part.count('<li class="said-by">') == 3
    assert stays.count('name="voice"') == 4
    assert desk.post(address, {"name": "", "words": "앱"}).status_code == 422
    assert desk.post(address, {"name": "빈 것"}).status_code == 422
    assert not Split.objects.exists()

    answer = desk.post(address, {"name": " 앱에서  로그인 ", "words": "앱, ,앱,에서"})

    made = Split.objects.get()
    assert answer["Location"] == f"/themes/{made.part_id}/"
    assert (made.part.name, made.words) == ("앱에서 로그인", ["앱", "에서"])
    for theme in (made.part_id, login):
        page = desk.get(f"/themes/{theme}/").content.decode()
        assert f'action="/themes/splits/{made.pk}/put-back/"' in page


WORDS = st.lists(st.sampled_from(["a", "b", "c", "A  b"]), max_size=2)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(1, 3), st.text("abc ", max_size=6)), max_size=20),
    st.lists(st.tuples(st.integers(0, 3), WORDS), max_size=4),
)
def test_it_moves_only_what_says_the_words(
    voices: list[tuple[int, str]], wanted: list[tuple[int, list[str]]]
):
    numbers = np.array([number for number, _ in voices], np.int64)
    before = numbers.copy()
    ids, texts = [str(n) for n in range(len(voices))], [text for _, text in voices]
    parts = [Part({of, 100 + of}, 100 + at, tuple(words)) for at, (of, words) in enumerate(wanted)]

    split(numbers, ids, texts, parts)

    of = {part.number: part for part in parts}
    for row, (was, now) in enumerate(zip(before.tolist(), numbers.tolist(), strict=True)):
        if now != was:
            assert says(texts[row], of[now].words)
    again = numbers.copy()
    split(again, ids, texts, parts[-1:])
    last = parts[-1:] and [row for row, number in enumerate(again) if number == parts[-1].number]
    assert last == (parts[-1:] and [r for r, n in enumerate(numbers) if n == parts[-1].number])


DEEDS = st.lists(
    st.tuples(st.sampled_from(["merge", "split"]), st.integers(0, 7), st.integers(0, 7)),
    max_size=7,
)


@pytest.fixture
def many(supervisor: Member) -> Member:
    """Five themes, and some words about single voices."""
    now = timezone.now()
    ThemeRun.objects.create(at=now, since=now, voices=9, read=9, compared=9, tier="fast",
                            next_number=6, seconds=1)  # fmt: skip
    said = {"member": supervisor, "at": now}
    for number in range(1, 6):
        theme = Theme.objects.create(
            number=number, name=f"T{number}", first_seen=now, last_seen=now
        )
        belongs = number % 2 == 1
        Correction.objects.create(mention=f"m{number}", theme=theme, belongs=belongs, **said)
    return supervisor


def state() -> tuple[Any, ...]:
    """Everything that people have decided and that stands."""
    old = Theme.objects.filter(pk__lt=6)
    standing = Correction.objects.filter(undone_at=None).order_by("pk")
    return (
        list(old.order_by("pk").values()),
        list(standing.values_list("mention", "theme", "belongs")),
        standing_parts(),
    )


def done(deeds: list[tuple[str, int, int]], member: Member) -> Iterator[Callable[[], None]]:
    """Do what can be done of some deeds; each is handed out as what undoes it."""
    for what, one, other in deeds:
        theme = 1 + one % Theme.objects.count()
        try:
            if what == "merge":
                services.merge(theme=theme, into=1 + other % Theme.objects.count(), member=member)
                yield lambda theme=theme: services.part(theme=theme, member=member)  # type: ignore[misc]
            else:
                said = {"words": ["x"], "voices": [f"m{1 + other % 5}"], "name": "N"}
                part = dividing.divide(theme=theme, member=member, **said)  # type: ignore[arg-type]
                made = Split.objects.get(part=part).pk
                yield lambda made=made: dividing.put_back(split=made, member=member)  # type: ignore[misc]
        except Refused:
            continue


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(DEEDS)
def test_it_restores_everything_when_all_is_undone(many: Member, deeds: list[tuple[str, int, int]]):
    with transaction.atomic():
        before = state()
        undoing = list(done(deeds, many))
        assert (state() == before) == (not undoing)
        for undo in reversed(undoing):
            undo()
        assert state() == before
        transaction.set_rollback(True)

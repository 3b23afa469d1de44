"""The tallies of a run answer as counting one by one does."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sori.change import packing, tallies
from sori.change.counting import UNCLEAR, Figures
from sori.change.tallies import KIND_ORDER
from sori.mention import KINDS

FIRST = date(2026, 11, 10)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
VOICES = st.lists(
    st.tuples(
        st.integers(1, 5),  # theme
        st.integers(0, 13),  # day
        st.sampled_from([*KINDS, UNCLEAR]),
        st.sampled_from(["mail", "blog"]),
        st.booleans(),  # of a campaign
    ),
    max_size=60,
)


def kept(voices: list[tuple[int, int, str, str, bool]]) -> tallies.Tallies:
    figures: dict[int, Figures] = {}
    for theme, day, kind, channel, carried in voices:
        one = figures.setdefault(theme, Figures(0, NOW, NOW))
        for cubes in (one.days, one.carried) if carried else (one.days,):
            cube = cubes.setdefault(FIRST + timedelta(days=day), {}).setdefault(kind, {})
            cube[channel] = cube.get(channel, 0) + 1
    table = packing.unpacked_tallies(packing.packed(tallies.table(figures)))
    return tallies.read(table)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    VOICES,
    st.dictionaries(st.integers(1, 5), st.integers(6, 7)),
    st.sampled_from(["", *KINDS]),
    st.sampled_from(["", "mail", "nowhere"]),
    st.booleans(),
)
def test_it_counts_what_counting_one_by_one_counts(
    voices: list[tuple[int, int, str, str, bool]],
    into: dict[int, int],
    kind: str,
    channel: str,
    own: bool,
):
    last = FIRST + timedelta(days=13)
    found = tallies.summed(kept(voices), into, FIRST, last, kind=kind, channel=channel, own=own)

    days: Counter[tuple[int, int]] = Counter()
    kinds: Counter[tuple[int, str]] = Counter()
    for theme, day, said, where, carried in voices:
        if kind in ("", said) and channel in ("", where) and not (own and carried):
            root = into.get(theme, theme)
            days[root, day] += 1
            kinds[root, said] += 1
    assert {into.get(theme, theme) for theme, *_ in voices} == set(found.place)
    for root, place in found.place.items():
        assert found.days[place].tolist() == [days[root, day] for day in range(14)]
        assert found.kinds[place].tolist() == [kinds[root, one] for one in KIND_ORDER]


def test_it_reads_a_run_that_has_counted_nothing():
    found = tallies.summed(tallies.read(packing.unpacked_tallies(b"")), {}, FIRST, FIRST)

    assert found.place == {}
    assert found.days.shape == (0, 1)

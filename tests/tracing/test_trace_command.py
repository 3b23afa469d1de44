"""`sori trace` at the terminal."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from desk import member, only_case, opened, post, say, source
from sori.__main__ import app
from sori.change.initiatives import services as initiatives
from sori.change.initiatives.models import Evidence
from sori.lake.store import Lake
from sori.mention import mention_id
from sori.respond.models import Case
from sori.respond.services import remember_answer
from traced import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def sori(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs the command in the home folder of this test."""
    monkeypatch.setattr("sori.commands.trace.open_site", lambda: None)
    return lambda *words: CliRunner().invoke(app, ["trace", *words])


def test_it_counts_the_ends_of_the_whole_lake(lake: Lake, sori: Callable[..., Any]) -> None:
    fill(lake, 50)
    Case.objects.filter(pk=Case.objects.order_by("pk").first().pk).update(status="resolved")
    found = json.loads(sori("--orphans", "--json").stdout)
    assert (found["mentions"], found["orphans"]) == (50, 1)
    assert found["states"] == {"quiet": 20, "open": 19, "unsorted": 10, "lost": 1}
    assert [one["why"] for one in found["lost"]] == ["closed"]
    said = sori("--orphans")
    assert "1 of 50 mentions are lost." in said.stdout
    assert "Its case was closed without an answer" in said.stdout


def test_it_prints_the_way_of_a_mention_and_of_a_case(lake: Lake, sori: Callable[..., Any]) -> None:
    asked = opened(lake, text="[bold]배송[/] 언제 와요?")
    remember_answer(answers=asked.pk, member=member("도윤"), body="내일요.", at=asked.at)
    for name in (str(asked.mention), f"#{only_case().pk}"):
        said = sori(name).stdout
        assert "[bold]배송[/] 언제 와요?" in said
        assert "Answered by 도윤" in said
    way = json.loads(sori(str(asked.mention), "--json").stdout)
    assert way["end"] == "answered"
    assert [step["step"] for step in way["steps"]] == ["heard", "understood", "case", "answer"]


def test_it_lists_every_sentence_behind_an_initiative(lake: Lake, sori: Callable[..., Any]) -> None:
    said = post(source(), "밤에도 열어 주세요", kind="idea", answer=False)
    say(lake, said)
    name = mention_id(said["channel"], said["external_id"], said["published_at"])
    row = initiatives.begin(
        member=member(), title="밤에도 열기", evidence=[(Evidence.Sort.MENTION, name, "")]
    )
    found = json.loads(sori("--initiative", str(row.pk), "--json").stdout)
    assert found == {"mention": name, "end": "initiative", "text": "밤에도 열어 주세요"}


@pytest.mark.parametrize(
    "words", [(), ("x", "--orphans"), ("20261122" + "0" * 20,), ("--initiative", "99")]
)
def test_it_says_what_is_wrong_in_one_sentence(
    sori: Callable[..., Any], words: tuple[str, ...]
) -> None:
    told = sori(*words)
    assert told.exit_code == 1
    assert "sori:" in told.stderr

"""The palette, the random check and the model page, asked like a browser asks."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk import letter, member, opened, post, say, source
from sori.lake.store import Lake
from sori.lessons import checking, services
from sori.lessons.models import Correction, Example, RandomCheck, Training, Version
from sori.lessons.training import train_due
from sori.respond.models import Case, Message
from sori.staff.models import Member, Role
from sori.understand.pipeline import model_name

pytestmark = pytest.mark.django_db

Browser = Callable[[Member], Client]
HTMX = {"hx-request": "true"}


def correct(client: Client, message: Message, choice: str, **headers: str) -> Any:
    said = {"mention": message.mention, "choice": choice}
    return client.post("/lessons/correct/", said, headers=headers)


def test_one_press_corrects_and_the_labels_come_back(
    lake: Lake, agent: Member, browser: Browser
) -> None:
    message = opened(lake, kind="question", sentiment="neutral", urgency=1, answer=True)

    answer = correct(browser(agent), message, "kind:complaint", **HTMX)

    page = answer.content.decode()
    assert "corrected by 지민" in page
    assert "relabelled" in answer.headers["HX-Trigger-After-Swap"]
    assert Case.objects.get().kind == "complaint"
    opened_page = browser(agent).get(f"/inbox/{message.conversation.case_id}/").content.decode()
    assert "corrected by 지민" in opened_page
    assert 'data-key="KeyL"' in opened_page


def test_it_can_be_undone_where_it_was_done(lake: Lake, agent: Member, browser: Browser) -> None:
    message = opened(lake, kind="question")
    correct(browser(agent), message, "kind:complaint")
    said = {"mention": message.mention, "label": "kind"}

    browser(agent).post("/lessons/restore/", said, headers=HTMX)

    assert Case.objects.get().kind == "question"


def test_a_further_kind_goes_on_and_off(lake: Lake, agent: Member, browser: Browser) -> None:
    message = opened(lake, kind="complaint")
    for choice, value in (
        ("also:idea", ["idea"]),
        ("also:question", ["question", "idea"]),
        ("also:idea", ["question"]),
    ):
        correct(browser(agent), message, choice)
        assert Correction.objects.get().value == value


def test_a_topic_goes_on_and_off_by_its_name_or_by_what_was_typed(
    lake: Lake, agent: Member, browser: Browser
) -> None:
    message = opened(lake, text="배송이 늦어요")
    client = browser(agent)
    has = ["billing.refund"]
    services.correct(mention=message.mention, label="topics", value=has, member=agent)
    for said, value in (
        ({"choice": "topics:delivery.time"}, ["billing.refund", "delivery.time"]),
        ({"typed": "환불"}, ["delivery.time"]),
        ({"typed": "환 불", "choice": "topics:app.login"}, ["delivery.time", "billing.refund"]),
        ({"choice": "topics:billing.refund"}, ["delivery.time"]),
    ):
        answer = client.post(
            "/lessons/correct/", {"mention": message.mention, **said}, headers=HTMX
        )
        assert Correction.objects.get().value == value
    assert "Delivery time" in answer.content.decode()
    assert "delivery.time" not in answer.content.decode()
    assert Example.objects.get().text == "배송이 늦어요"


def test_topics_are_offered_by_their_first_letters(
    lake: Lake, agent: Member, browser: Browser
) -> None:
    message = opened(lake)
    services.correct(mention=message.mention, label="topics", value=["gone.by"], member=agent)
    ask = f"/lessons/correct/{message.mention}/topics/"

    def offered(typed: str) -> list[str]:
        page = browser(agent).get(ask, {"typed": typed}).content.decode()
        return re.findall(r'value="topics:([^"]+)" aria-pressed="(true|false)"', page)

    assert offered("") == [("gone.by", "true")]
    assert ("billing.refund", "false") in offered("refund")
    assert offered("환불")[0] == ("billing.refund", "false")
    assert len(offered("e")) == 8
    assert "No such topic" in browser(agent).get(ask, {"typed": "zzz"}).content.decode()


def test_it_works_without_scripts(lake: Lake, agent: Member, browser: Browser) -> None:
    message = opened(lake, kind="question")
    answer = correct(browser(agent), message, "urgency:2", referer="http://testserver/inbox/")
    assert answer.status_code == 302
    assert answer["Location"] == "http://testserver/inbox/"
    elsewhere = correct(browser(agent), message, "urgency:1", referer="http://evil.example/")
    assert elsewhere["Location"] == "/"


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"mention": "x", "choice": "kind:idea"},
        {"mention": "20261123" + "0" * 20, "choice": "kind:idea"},
        {"mention": "20261123" + "0" * 20, "choice": "nothing:idea"},
        {"mention": "20261123" + "0" * 20, "choice": "kind:" + "x" * 5000},
        {"mention": "20261123" + "0" * 20, "choice": "topics:no.such"},
        {"mention": "20261123" + "0" * 20, "typed": "zzz"},
    ],
)
def test_it_says_no_to_nonsense(
    lake: Lake, agent: Member, browser: Browser, said: dict[str, str]
) -> None:
    answer = browser(agent).post("/lessons/correct/", said, headers=HTMX)
    assert answer.status_code == 204
    assert "toast" in answer.headers["HX-Trigger"]
    assert not Correction.objects.exists()


def test_who_may_only_draft_sees_labels_and_no_palette(lake: Lake, browser: Browser) -> None:
    message = opened(lake, kind="question")
    reader = member("예준", Role.CONTRIBUTOR)
    page = browser(reader).get(f"/inbox/{message.conversation.case_id}/").content.decode()
    assert f"labels-{message.mention}" in page
    assert "data-palette" not in page
    assert correct(browser(reader), message, "kind:idea").status_code == 403


def test_a_random_check_goes_voice_by_voice(lake: Lake, agent: Member, browser: Browser) -> None:
    place = source()
    labels = {"kind": "question", "sentiment": "neutral", "urgency": 1, "answer": True}
    say(lake, *[letter(place, f"글 {n}", **labels) for n in range(3)])
    client = browser(agent)

    address = client.post("/lessons/check/")["Location"]
    check = RandomCheck.objects.get()
    assert len(check.mentions) == 3
    services.correct(mention=check.mentions[0], label="kind", value="idea", member=agent)
    for number, verdict in enumerate(("right", "skip", "right")):
        assert f"{number + 1} / 3" in client.get(address).content.decode()
        client.post(address, {"place": number, "verdict": verdict})
        client.post(address, {"place": number, "verdict": verdict})  # a click that came twice

    assert "Done, thank you" in client.get(address).content.decode()
    judged = Correction.objects.filter(example__random=True)
    assert judged.filter(label="kind", agreed=False).count() == 1
    assert judged.filter(agreed=True).count() == 7
    assert Example.objects.count() == 2
    assert client.post(address, {"place": 9, "verdict": "right"}).status_code == 302


def test_a_check_belongs_to_whom_it_was_drawn_for(
    lake: Lake, agent: Member, browser: Browser
) -> None:
    say(lake, post(source("blog")))
    check = checking.begin(member=agent)
    assert check is not None
    assert browser(member("서연")).get(f"/lessons/check/{check.pk}/").status_code == 404


def test_what_was_forgotten_meanwhile_is_passed_over(
    lake: Lake, agent: Member, browser: Browser
) -> None:
    say(lake, post(source("blog")))
    check = checking.begin(member=agent)
    assert check is not None
    lake.forget(ids=check.mentions)
    page = browser(agent).get(f"/lessons/check/{check.pk}/", follow=True).content.decode()
    assert "Done, thank you" in page


def test_the_button_asks_a_worker_and_the_page_watches(lake: Lake, browser: Browser) -> None:
    boss = member("도윤", Role.SUPERVISOR)
    client = browser(boss)

    asked = client.post("/lessons/retrain/", headers=HTMX).content.decode()
    client.post("/lessons/retrain/")
    assert "Waiting for a worker" in asked
    assert "every 1s" in asked
    assert Training.objects.count() == 1

    assert train_due() == 1
    assert train_due() == 0
    done = client.get("/lessons/training/").content.decode()
    assert "every 1s" not in done
    assert "nothing to learn from" in done


def test_the_page_tells_versions_accuracy_and_that_chosen_voices_are_biased(
    lake: Lake, browser: Browser
) -> None:
    boss = member("도윤", Role.SUPERVISOR)
    message = opened(lake, kind="question", sentiment="neutral")
    services.correct(mention=str(message.mention), label="kind", value="idea", member=boss)
    Correction.objects.update(model=model_name())
    outcome = {
        "verdict": "better", "judged": 40, "before": 3, "after": 31, "unjudged": 400, "moved": 4,
        "voices": 200.0, "share": 0.8, "gained": 28.0, "lost": 2.0, "chance": 0.001,
    }  # fmt: skip
    Version.objects.create(
        number=1, base=model_name(), examples=40, figures={"kind": outcome}, weights=b"x",
        made_at=timezone.now(), state=Version.State.RETIRED,
    )  # fmt: skip

    page = browser(boss).get("/model/").content.decode()

    assert "own-1" in page
    assert "80.0 → 93.0" in page
    assert "better: switched on" in page
    assert "Only voices drawn by chance say how good it is" in page
    assert "0–79% of 1" in page
    assert "Go back to it" in page


def test_abstention_and_drift_are_counted_by_weeks(lake: Lake, browser: Browser) -> None:
    from zoneinfo import ZoneInfo

    from desk import batch
    from sori.insight import model_measures
    from sori.listen import memory

    place, now = source("blog"), timezone.now()
    rows = []
    for week in range(1, 9):
        at = now - timedelta(weeks=week)
        kinds = ["complaint"] * 30 + ["praise"] * 30 if week > 1 else ["complaint"] * 60
        rows += [
            post(
                place,
                f"통신이 끊겨요 {n}",
                kind=None if n < 6 else kind,
                published_at=at,
                heard_at=at,
            )
            for n, kind in enumerate(kinds)
        ]
    said = batch(*rows)
    field = said.schema.field("model")
    import pyarrow as pa

    said = said.set_column(
        said.schema.get_field_index("model"), field, pa.array([model_name()] * len(rows))
    )
    lake.append(said, source=place.pk, sequence=1)

    weeks = model_measures.weeks(memory.reader(), model_name(), now, ZoneInfo("Asia/Seoul"))

    unsaid = [row["share"] for row in weeks.abstained() if row["label"] == "kind"]
    assert unsaid == [0.1] * 8
    points = [one for one in weeks.drift() if one.what == "kind"]
    assert [one.drifted for one in points] == [False, False, False, True]
    assert points[-1].index > 0.2
    page = browser(member("도윤", Role.SUPERVISOR)).get("/model/").content.decode()
    assert "Kind has drifted" in page


def test_an_empty_company_is_told_how_to_begin(lake: Lake, browser: Browser) -> None:
    page = browser(member("도윤", Role.SUPERVISOR)).get("/model/").content.decode()
    assert "Nothing was learned yet" in page
    assert "Nobody has judged this model yet" in page
    assert "This model has understood no whole week yet" in page

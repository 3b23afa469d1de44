"""A person says what a label should be: it is kept, the desk follows, and it can be undone."""

from datetime import timedelta
from typing import Any

import pytest

from desk import letter, member, now, opened, post, say, source
from sori.errors import Refused
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.lessons import selectors, services
from sori.lessons.models import Correction, Example
from sori.people.tombstones import bury
from sori.respond.models import Case, Clock, Message
from sori.staff.models import Member

pytestmark = pytest.mark.django_db


def heard(lake: Lake, **row: Any) -> Message:
    """A letter with labels."""
    said = {"kind": "question", "sentiment": "neutral", "urgency": 1, "answer": True}
    return opened(lake, **(said | row))


def test_it_keeps_the_words_and_what_the_machine_had_said(lake: Lake, agent: Member) -> None:
    message = heard(lake, text="요금제 바꾸는 칸이 안 보여요")

    services.correct(mention=str(message.mention), label="kind", value="complaint", member=agent)

    kept = Correction.objects.select_related("example").get()
    assert (kept.value, kept.said, kept.agreed) == ("complaint", "question", False)
    assert (kept.example.text, kept.example.title) == ("요금제 바꾸는 칸이 안 보여요", "배송 문의")
    assert kept.example.channel == "email"
    event = Event.objects.get(kind="label.corrected")
    assert event.about == f"mention:{message.mention}"
    assert (event.member, event.data["value"]) == (agent, "complaint")


def test_an_answer_teaches_without_the_title_of_what_it_answers(lake: Lake, agent: Member) -> None:
    message = heard(lake, text="아직 답변을 못 받았어요", title="Re: 감사합니다", parent_id="first")

    services.correct(mention=str(message.mention), label="kind", value="complaint", member=agent)

    assert (Example.objects.get().title, Example.objects.get().text) == (
        "",
        "아직 답변을 못 받았어요",
    )


def test_the_case_follows_at_once(lake: Lake, agent: Member) -> None:
    message = heard(lake)
    before = Case.objects.get()
    assert before.priority_reasons == [["urgent", 20], ["question", 5]]

    for label, value in (("kind", "complaint"), ("urgency", 2), ("sentiment", "negative")):
        services.correct(mention=str(message.mention), label=label, value=value, member=agent)

    case = Case.objects.get()
    assert (case.kind, case.urgency, case.sentiment) == ("complaint", 2, "negative")
    assert case.priority == 50
    assert case.priority_reasons == [["urgent", 40], ["complaint", 10]]
    assert Message.objects.get().kind == "complaint"
    assert Event.objects.filter(kind="case.relabelled", about=f"case:{case.pk}").count() == 3


def test_it_can_be_taken_back(lake: Lake, agent: Member) -> None:
    message = heard(lake)
    mention = str(message.mention)
    services.correct(mention=mention, label="kind", value="praise", member=agent)

    services.uncorrect(mention=mention, label="kind", member=agent)

    assert Case.objects.get().kind == "question"
    assert not Correction.objects.exists()
    assert not Example.objects.exists()
    assert Event.objects.filter(kind="label.restored").count() == 1
    services.uncorrect(mention=mention, label="kind", member=agent)
    assert Event.objects.filter(kind="label.restored").count() == 1


def test_one_correction_a_label_the_last_one_counts(lake: Lake, agent: Member) -> None:
    mention = str(heard(lake).mention)
    other = member("서연")
    for who, value in ((agent, "complaint"), (other, "idea"), (other, "question")):
        services.correct(mention=mention, label="kind", value=value, member=who)

    kept = Correction.objects.get()
    assert (kept.value, kept.said, kept.agreed, kept.member) == (
        "question",
        "question",
        True,
        other,
    )
    assert Event.objects.filter(kind="label.confirmed").count() == 1


def test_a_later_message_of_the_same_case_takes_the_word_of_a_person(
    lake: Lake, agent: Member
) -> None:
    place = source()
    say(lake, letter(place, "첫 글", thread_id="t", kind="question"))
    say(lake, letter(place, "둘째 글", thread_id="t", kind="other", sentiment="neutral"))
    second = Message.objects.latest("pk")
    assert Case.objects.get().kind == "question"

    services.correct(mention=str(second.mention), label="kind", value="complaint", member=agent)

    assert Case.objects.get().kind == "complaint"


def test_a_voice_without_a_case_can_be_corrected_too(lake: Lake, agent: Member) -> None:
    row = post(source("blog"), answer=False, kind="other")
    say(lake, row)
    assert not Message.objects.exists()
    mention = lake_ids(lake)[0]

    services.correct(mention=mention, label="spam", value=True, member=agent)

    shown = selectors.labels_of({"id": mention, "kind": "other"})
    spam = next(one for one in shown["labels"] if one["name"] == "spam")
    assert (spam["value"], spam["by"], spam["quiet"]) == (True, "지민", False)


def test_it_opens_the_case_that_a_voice_deserves_after_all(lake: Lake, agent: Member) -> None:
    say(lake, post(source("blog"), "그냥 그렇다구요", answer=False, kind="other"))
    mention = lake_ids(lake)[0]

    services.correct(mention=mention, label="answer", value=True, member=agent)
    services.correct(mention=mention, label="urgency", value=2, member=agent)

    message, case = Message.objects.get(), Case.objects.get()
    assert (str(message.mention), message.answer, message.urgency) == (mention, True, 2)
    assert (case.excerpt, case.urgency) == ("그냥 그렇다구요", 2)
    assert Clock.objects.filter(case=case, silence=True).exists()
    assert Event.objects.filter(kind="case.opened", about=f"case:{case.pk}").count() == 1


@pytest.mark.parametrize(
    "row",
    [
        {"reply_mode": "none"},
        {"published_at": now() - timedelta(days=20)},
    ],
    ids=["nobody can answer there", "long past"],
)
def test_it_opens_no_case_that_nobody_could_end(
    lake: Lake, agent: Member, row: dict[str, Any]
) -> None:
    say(lake, post(source("blog"), answer=False, kind="other", **row))

    services.correct(mention=lake_ids(lake)[0], label="answer", value=True, member=agent)

    assert not Case.objects.exists()


def test_a_voice_that_somebody_asked_us_to_forget_stays_forgotten(
    lake: Lake, agent: Member
) -> None:
    row = post(source("blog"), answer=False, kind="other")
    say(lake, row)
    bury([("blog", row["author_id"])])

    services.correct(mention=lake_ids(lake)[0], label="answer", value=True, member=agent)

    assert not Message.objects.exists()


def test_what_was_said_of_a_voice_wins_when_it_is_received_later(lake: Lake, agent: Member) -> None:
    from desk import batch
    from sori.respond.receiving import receive

    row = letter(source(), kind="question")
    lake.append(batch(row), source=row["source"], sequence=1)
    services.correct(mention=lake_ids(lake)[0], label="kind", value="idea", member=agent)

    receive(lake)

    assert Message.objects.get().kind == "idea"
    assert Case.objects.get().kind == "idea"


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("kind", "nonsense"),
        ("urgency", True),
        ("urgency", 3),
        ("answer", 1),
        ("also", ["complaint", "complaint"]),
        ("also", "complaint"),
        ("topics", ["x" * 81]),
        ("lang", "ko"),
    ],
)
def test_it_refuses_what_is_no_value(lake: Lake, agent: Member, label: str, value: Any) -> None:
    mention = str(heard(lake).mention)
    with pytest.raises(Refused):
        services.correct(mention=mention, label=label, value=value, member=agent)
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("label", "value"),
    [("also", []), ("also", ["idea", "praise"]), ("topics", ["배송/지연"]), ("irony", False)],
)
def test_it_takes_every_label(lake: Lake, agent: Member, label: str, value: Any) -> None:
    mention = str(heard(lake).mention)
    services.correct(mention=mention, label=label, value=value, member=agent)
    assert Correction.objects.get().value == value


def test_it_refuses_what_the_lake_has_forgotten(lake: Lake, agent: Member) -> None:
    mention = str(heard(lake).mention)
    lake.forget(ids=[mention])
    with pytest.raises(Refused):
        services.correct(mention=mention, label="kind", value="idea", member=agent)


def test_it_forgets_posts_and_accounts(lake: Lake, agent: Member) -> None:
    mine = str(heard(lake, author_id="kim@customer.example").mention)
    hers = str(heard(lake, author_id="lee@customer.example").mention)
    nobody = str(heard(lake, author_id=None).mention)
    for mention in (mine, hers, nobody):
        services.correct(mention=mention, label="kind", value="idea", member=agent)

    assert services.forget(authors=[("email", "kim@customer.example"), ("email", "")]) == 1
    assert services.forget(authors=[("blog", "lee@customer.example")]) == 0
    assert set(Example.objects.values_list("mention", flat=True)) == {hers, nobody}
    assert services.forget(mentions=[hers, "20261123" + "0" * 20]) == 1
    assert Correction.objects.count() == 1


def lake_ids(lake: Lake) -> list[str]:
    return [name for _, rows in lake.since(-1) for name in rows.column("id").to_pylist()]

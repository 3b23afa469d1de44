"""Before an answer is sent one sees what the world will see, and a public one leads to private."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from peers import mastodon_server
from sori import flow
from sori.journal.models import Event
from sori.listen.continuing import case_of, path_for
from sori.listen.models import Intake, Source
from sori.listen.services import add_source
from sori.respond.as_seen import seen
from sori.respond.models import Case, Message
from sori.staff.models import Member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member(make_member: Callable[..., Member]) -> Member:
    return make_member("agent")


@pytest.fixture
def incoming(home) -> Message:
    with mastodon_server.running() as server:
        settings = mastodon_server.settings_of(server)
        place = add_source(name="마스토돈", channel="mastodon", settings=settings)
        server.say("@shop 환불 언제 되나요? 급해요")
        flow.turn(place)
        flow.receive()
    return Message.objects.select_related("conversation").get()


def test_it_shows_the_name_that_a_channel_writes_before_an_answer(incoming: Message, member):
    found = seen(incoming, "확인해 볼게요.", member)

    assert found.text == "@kim 확인해 볼게요."
    assert found.public is True
    assert found.to == "@kim"


def test_the_page_shows_it_and_keeps_nothing(incoming: Message, member, client: Client):
    client.force_login(member)
    case = incoming.conversation.case_id
    page = client.post(
        f"/inbox/{case}/preview/", {"answers": incoming.pk, "body": "<b>확인</b>해 볼게요."}
    )

    text = page.content.decode()
    assert "@kim &lt;b&gt;확인&lt;/b&gt;해 볼게요." in text
    assert re.search(r"\d+ / 500", text)
    assert Message.objects.count() == 1


def test_a_public_answer_leads_to_the_form_by_an_address_that_names_the_case(
    incoming: Message, member, client: Client
):
    form = add_source(name="문의", channel="webform", settings={})
    case = incoming.conversation.case_id
    client.force_login(member)

    page = client.get(f"/inbox/{case}/in-private/").content.decode()

    path = path_for(case)
    assert path.startswith(f"/form/{form.slug}/?about={case}-")
    assert f"http://testserver{path}" in page


def test_without_a_form_it_says_what_to_do(incoming: Message, member, client: Client):
    client.force_login(member)

    page = client.get(f"/inbox/{incoming.conversation.case_id}/in-private/").content.decode()

    assert "data-insert" not in page
    assert path_for(1) == ""


def test_what_comes_that_way_is_a_case_of_its_own_that_knows_the_other(
    incoming: Message, client: Client, monkeypatch
):
    form = add_source(name="문의", channel="webform", settings={})
    old = incoming.conversation.case_id
    path = path_for(old)
    page = client.get(path).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    about = re.search(r'name="about" value="([^"]+)"', page)
    assert ticket is not None
    assert about is not None
    monkeypatch.setattr("sori.listen.form_views.QUICKEST", -1)

    sent = {"ticket": ticket[1], "about": about[1], "text": "주문번호는 77이에요", "name": "김"}
    assert client.post(f"/form/{form.slug}/", sent).status_code == 200
    flow.turn(Source.objects.get(pk=form.pk))
    flow.receive()

    new = Case.objects.exclude(pk=old).get()
    told = {event.kind: (event.about, event.data) for event in Event.objects.all()}
    assert told["case.continues"] == (f"case:{new.pk}", {"of": old})
    assert told["case.continued"] == (f"case:{old}", {"new": new.pk})
    assert new.person_id != Case.objects.get(pk=old).person_id


@pytest.mark.parametrize("code", ["", "5", "5-", "5-000000000000", "٥-abc", "x-y", "9" * 30 + "-a"])
def test_an_address_that_was_not_made_here_names_nothing(code: str):
    assert case_of(code) is None


def test_a_forged_address_is_a_plain_form(home, client: Client):
    form = add_source(name="문의", channel="webform", settings={})

    page = client.get(f"/form/{form.slug}/?about=5-000000000000").content.decode()

    assert 'name="about"' not in page
    assert not Intake.objects.exists()

"""An idea of a customer is a voice too: it comes in by the same door as every other."""

from sori import flow
from sori.change.ideas import taking_part
from sori.change.ideas.models import Idea
from sori.lake.store import Lake
from sori.listen.models import Intake, Source
from sori.people.models import Identity, Person
from sori.respond.models import Conversation


def test_it_becomes_a_mention_of_its_author(lake: Lake, propose):
    idea = propose("요금제를 앱에서 바꾸게 해 주세요", "전화하기 어려워요")
    source = Source.objects.get(channel="portal")
    flow.turn(source)
    flow.receive()

    [row] = [row for _version, rows in lake.since(0) for row in rows.to_pylist()]
    assert row["id"] == idea.mention
    assert (row["title"], row["text"]) == (idea.title, idea.body)
    assert row["author_id"] == "author0@customer.example"
    assert (row["addressed"], row["public"]) == (True, False)
    assert Person.objects.count() == 1
    assert Identity.objects.get().person_id == idea.person_id
    for conversation in Conversation.objects.all():
        assert conversation.identity.person_id == idea.person_id


def test_ideas_of_members_and_of_internal_boards_are_no_voices(propose, inside, agent):
    propose("하나", actor=taking_part.Actor(None, agent, "ko"))
    propose("둘", actor=taking_part.Actor(None, agent, "ko"), board=inside)
    assert not Intake.objects.exists()


def test_where_the_portal_is_not_listened_to_ideas_are_written_down_all_the_same(propose, board):
    Source.objects.filter(channel="portal").update(state=Source.State.PAUSED)
    assert propose("하나").mention == ""
    assert Idea.objects.count() == 1
    assert not Intake.objects.exists()

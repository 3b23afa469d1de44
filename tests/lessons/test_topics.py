"""The company's own topics: edited by people, learned from corrections, heeded at the next turn."""

import re

import pyarrow as pa
import pytest
from django.test import Client
from django.utils import timezone

from desk import member
from sori.errors import Refused
from sori.journal.models import Event
from sori.knowing import knowledge
from sori.lessons import topics
from sori.lessons.models import Correction, Example, TopicTree
from sori.staff.models import Role
from sori.understand.pipeline import make_pipeline
from sori.understand.topictree import Topic, shipped

pytestmark = pytest.mark.django_db


def browser(role=Role.SUPERVISOR) -> Client:
    made = Client(headers={"Accept-Language": "en"})
    made.force_login(member(role=role))
    return made


def about(text: str) -> list[str]:
    return make_pipeline(knowledge())(pa.record_batch({"text": [text]})).column("topics")[0].as_py()


DRONE = Topic("delivery.drone", "드론 배송", "Drones", phrases=("드론",))


def test_it_knows_the_shipped_tree_until_somebody_edits_it():
    assert topics.own_tree() is None
    assert topics.tree() == shipped()


def test_it_tells_a_topic_of_the_companys_own_at_the_next_turn():
    assert "delivery.drone" not in about("드론이 옥상에 떨어졌어요")
    topics.save_topic(topic=DRONE, member=member(), new=True)
    assert about("드론이 옥상에 떨어졌어요")[0] == "delivery.drone"
    topics.delete_topic(slug="delivery.drone", member=member())
    assert "delivery.drone" not in about("드론이 옥상에 떨어졌어요")
    assert TopicTree.objects.count() == 2
    assert list(Event.objects.values_list("kind", flat=True)) == ["tree.changed"] * 2


def test_it_refuses_what_it_cannot_read_and_changes_nothing():
    with pytest.raises(Refused, match="must be a list"):
        topics.save_tree(text='[delivery]\nko="배송"\nphrases = 3', member=member())
    with pytest.raises(Refused, match="이미 있습니다"):
        topics.save_topic(topic=shipped().topics[1], member=member(), new=True)
    with pytest.raises(Refused, match="그런 묶음이"):
        topics.save_topic(topic=Topic("nowhere.x", "가", "a"), member=member(), new=True)
    with pytest.raises(Refused, match="그런 화제가"):
        topics.delete_topic(slug="nothing", member=member())
    assert not TopicTree.objects.exists()


def test_it_learns_phrases_from_corrected_topics_and_keeps_what_people_wrote():
    topics.save_topic(topic=DRONE, member=member(), new=True)
    who = member()
    for number in range(8):
        example = Example.objects.create(
            mention=f"20261101{number:020x}",
            channel="email",
            text=f"무인기 {number}번이 마당에 물건을 놓고 갔어요",
            said_at=timezone.now(),
        )
        Correction.objects.create(
            example=example,
            label="topics",
            value=["delivery.drone"],
            member=who,
            at=timezone.now(),
        )
    rest = [f"주문한 물건 {number}번이 아직 안 왔어요 마당 넓은 집" for number in range(40)]
    assert topics.learn_topics(rest) > 0
    learned = next(one for one in topics.tree().topics if one.slug == "delivery.drone")
    assert "무인기" in " ".join(learned.learned)
    assert learned.phrases == ("드론",)
    assert Event.objects.filter(kind="tree.learned").count() == 1
    assert about("무인기가 지붕에 앉았어요")[0] == "delivery.drone"


def test_it_shows_and_edits_the_tree_by_pages():
    who = browser()
    assert "Delivery" in who.get("/topics/").content.decode()
    form = {"slug": "delivery.drone", "ko": "드론", "en": "Drones", "phrases": "드론\n무인기"}
    assert who.post("/topics/new/", form).status_code == 302
    page = who.get("/topics/delivery.drone/").content.decode()
    assert "무인기" in page
    tried = who.post("/topics/try/", {"words": "무인기가 왔다"}).content.decode()
    assert "Drones" in tried
    again = who.post("/topics/new/", form)
    assert again.status_code == 422
    assert "such a topic already" in again.content.decode()
    assert who.post("/topics/delivery.drone/delete/").status_code == 302
    assert who.get("/topics/delivery.drone/").status_code == 404


def test_it_gives_unreadable_text_back_with_every_problem():
    who = browser()
    written = who.get("/topics/text/").content.decode()
    assert "[delivery" in written
    page = who.post("/topics/text/", {"text": "[a]\nphrases = 3\n[b]\nx = 1"})
    said = page.content.decode()
    assert page.status_code == 422
    assert len(re.findall("<li>", said)) >= 2
    assert "phrases = 3" in said


def test_it_lets_only_those_who_change_rules_change_topics():
    agent = browser(Role.AGENT)
    assert agent.get("/topics/").status_code == 200
    assert agent.post("/topics/text/", {"text": ""}).status_code == 403
    assert agent.get("/topics/new/").status_code == 403

"""One answer to everybody who says the same: by name, looked at, apart, and never twice."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from desk import alike, letter, member, now, say, signed_in, source
from sori.change import group_answers
from sori.change.models import GroupAnswer, Theme
from sori.errors import Refused
from sori.lake.query import Reader
from sori.respond import answering, outbox, services
from sori.respond.models import Case, Message
from sori.staff.models import Role

pytestmark = pytest.mark.django_db
BODY = "{고객} 님, {나}입니다. 로그인은 30분 뒤 다시 됩니다."


@pytest.fixture
def theme() -> Theme:
    return Theme.objects.create(number=7, name="로그인", first_seen=now(), last_seen=now())


@pytest.fixture
def crowd(lake, theme):
    """Thirty-eight people write that they cannot sign in; one writes about something else."""
    said = alike(lake, theme.number, 38)
    say(lake, letter(source(), "환불은요?", author_id="other@x.kr", author_name="다른이"))
    return said


def waiting(lake, theme):
    return group_answers.waiting(Reader(lake), theme)


def send(lake, theme, chosen, **how):
    asked = {"body": BODY, "member": member("이서연"), "token": "t" * 20} | how
    return group_answers.send(Reader(lake), theme=theme, chosen=[one.pk for one in chosen], **asked)


def answers():
    return Message.objects.filter(direction="out").order_by("due_at")


def test_it_finds_the_others_from_one_case(lake, crowd, theme):
    case = crowd[0].conversation.case_id

    assert group_answers.theme_of(Reader(lake), case) == theme
    page = signed_in().get(f"/themes/of-case/{case}/").content.decode()

    assert "37 others say the same" in page
    other = Case.objects.get(person__name="다른이")
    assert signed_in().get(f"/themes/of-case/{other.pk}/").content.decode().strip() == ""


def test_it_addresses_each_by_name_and_goes_to_where_each_spoke(lake, crowd, theme):
    group = send(lake, theme, crowd)

    sent = list(answers())
    assert len(sent) == len(group.answers) == 38
    for answer in sent:
        name = answer.conversation.identity.name
        assert answer.body == f"{name} 님, 이서연입니다. 로그인은 30분 뒤 다시 됩니다."
        assert answer.destination["to"]["to"] == answer.conversation.identity.external_id
    gaps = {b.due_at - a.due_at for a, b in pairwise(sent)}
    assert min(gaps) > timedelta(seconds=1)


def test_the_same_click_twice_makes_no_second_answer(lake, crowd, theme):
    anna = member("이서연")
    first = send(lake, theme, crowd[:5], member=anna)
    again = send(lake, theme, crowd[:5], member=anna)

    assert first.pk == again.pk
    assert answers().count() == 5
    assert len(GroupAnswer.objects.get().answers) == 5


def test_it_goes_on_where_it_was_broken_off(lake, crowd, theme, monkeypatch):
    anna, approve, done = member("이서연"), answering.approve_reply, []

    def dies(**asked):
        done.append(approve(**asked))
        if len(done) == 3:
            raise KeyboardInterrupt
        return done[-1]

    with monkeypatch.context() as patch:
        patch.setattr(answering, "approve_reply", dies)
        with pytest.raises(KeyboardInterrupt):
            send(lake, theme, crowd[:6], member=anna)
    assert answers().count() == 3

    send(lake, theme, crowd[:6], member=anna)

    assert answers().count() == 6
    assert len({one.answers_id for one in answers()}) == 6


def test_it_leaves_out_who_was_answered_settled_or_said_it_twice(lake, crowd, theme):
    answering.approve_reply(answers=crowd[0].pk, member=member(), body="따로 답했습니다")
    services.decide_no_answer(
        case=crowd[1].conversation.case_id, member=member(), reason="campaign", words=""
    )

    those = {one.message for one in waiting(lake, theme)}

    assert len(those) == 36
    assert those.isdisjoint({crowd[0].pk, crowd[1].pk})


def test_it_refuses_a_text_that_addresses_nobody(lake, crowd, theme):
    with pytest.raises(Refused):
        send(lake, theme, crowd, body="곧 해결됩니다")
    assert not answers().exists()
    assert not GroupAnswer.objects.exists()


def test_it_takes_back_what_has_not_gone_out(lake, crowd, theme):
    group = send(lake, theme, crowd[:4])
    first = answers().first()
    Message.objects.filter(pk=first.pk).update(state="sent")

    assert group_answers.take_back(group=group, member=member()) == 3
    assert outbox.deliver_due() == 0


def test_it_is_looked_at_before_it_is_sent(lake, crowd, theme):
    browser = signed_in(member("이서연"))
    path = f"/themes/{theme.pk}/answer/"
    page = browser.get(path).content.decode()
    assert page.count(" checked>") == 38
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    chosen = [one.pk for one in crowd[:3]]

    look = browser.post(path, {"body": BODY, "token": token, "message": chosen, "step": "look"})
    text = look.content.decode()
    assert "고객2 님, 이서연입니다." in text
    assert "Send 3 answers" in text
    assert not answers().exists()

    done = browser.post(path, {"body": BODY, "token": token, "message": chosen, "step": "send"})
    page = browser.get(done["Location"]).content.decode()
    assert "3 answers" in page
    assert answers().count() == 3


def test_a_name_is_harmless_and_only_those_who_send_may(lake, theme):
    alike(lake, theme.number, 1, author_name="<script>{나}</script>")
    path = f"/themes/{theme.pk}/answer/"
    asked = {"body": BODY, "token": "t" * 20, "message": [Message.objects.get().pk]}
    page = signed_in().post(path, asked | {"step": "look"}).content.decode()
    assert "&lt;script&gt;{나}&lt;/script&gt;" in page
    assert "<script>{나}" not in page
    writer = signed_in(member(role=Role.CONTRIBUTOR))
    assert writer.post(path, asked | {"step": "send"}).status_code == 403

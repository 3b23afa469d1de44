"""A notice on channels of ours: posted at most once, by the machine or by a person."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from desk import signed_in, source
from peers import mastodon_server
from peers.mastodon_server import MastodonServer, settings_of
from sori.change.notices import outgoing, posting
from sori.change.notices.models import Notice, Post
from sori.channels import registry
from sori.channels.mastodon.door import Mastodon
from sori.journal.models import Event
from sori.listen.models import Source
from sori.listen.services import add_source
from sori.respond.models import Hold
from sori.staff.models import Member, Role

Told = Callable[..., Notice]
LINK = "https://sori.example/notices/now/"


@pytest.fixture
def server() -> Iterator[MastodonServer]:
    with mastodon_server.running() as place:
        yield place


@pytest.fixture
def account(server: MastodonServer, monkeypatch: pytest.MonkeyPatch) -> Source:
    """Our account there, which is a source."""
    installed, door = registry.channel, Mastodon()
    monkeypatch.setattr(
        registry, "channel", lambda name: door if name == "mastodon" else installed(name)
    )
    return add_source(name="마스토돈", channel="mastodon", settings=settings_of(server), keep="all")


@pytest.fixture
def post(account: Source, told: Told, supervisor: Member) -> Post:
    """A post that somebody approved."""
    place = f"source:{account.pk}"
    posting.post(notice=told(), place=place, link=LINK, member=supervisor)
    return Post.objects.get()


def now_due() -> None:
    Post.objects.update(due_at=timezone.now() - timedelta(seconds=1), lease_until=None)


def test_it_is_posted_once_for_everybody(post: Post, server: MastodonServer):
    while outgoing.post_due():
        pass

    (status,) = server.statuses
    assert status["visibility"] == "public"
    assert status["source"].startswith("로그인이 잘 안 되고 있어요\n\n")
    assert status["source"].endswith(LINK)
    post.refresh_from_db()
    assert (post.state, post.external_id) == ("sent", status["uri"])
    kinds = list(
        Event.objects.filter(kind__startswith="notice.post").values_list("kind", flat=True)
    )
    assert kinds == ["notice.post_approved", "notice.posted"]


def test_it_is_approved_once_however_often_somebody_clicks(
    post: Post, account: Source, supervisor: Member
):
    place = f"source:{account.pk}"
    posting.post(notice=post.notice, place=place, link=LINK, member=supervisor)

    assert Post.objects.count() == 1


def test_it_tries_again_what_did_not_arrive(post: Post, server: MastodonServer):
    server.refusal = (429, {"Retry-After": "1"})
    outgoing.post_due()
    post.refresh_from_db()
    assert post.state == "retry"
    server.refusal = None
    now_due()
    outgoing.post_due()

    assert len(server.statuses) == 1
    post.refresh_from_db()
    assert (post.state, post.attempt) == ("sent", 2)


def test_it_gives_up_what_is_refused(post: Post, server: MastodonServer):
    server.refusal = (422, {})
    outgoing.post_due()

    post.refresh_from_db()
    assert post.state == "rejected"
    assert "422" in post.evidence


def test_it_reads_back_what_nobody_knows_of(post: Post, server: MastodonServer):
    server.after = "502"
    outgoing.post_due()
    post.refresh_from_db()
    assert post.state == "unknown"
    server.after = ""
    now_due()
    outgoing.post_due()

    post.refresh_from_db()
    assert post.state == "sent"
    assert len(server.statuses) == 1


def test_it_never_posts_again_by_itself_what_may_have_arrived(post: Post, server: MastodonServer):
    Post.objects.update(
        state="sending", attempt=1, attempted_at=timezone.now(),
        lease_until=timezone.now() - timedelta(seconds=1),
    )  # fmt: skip
    for _ in range(5):
        outgoing.post_due()
        now_due()

    post.refresh_from_db()
    assert post.state == "unknown"
    assert server.statuses == []


def test_it_lets_a_person_decide(post: Post, supervisor: Member, server: MastodonServer):
    Post.objects.update(state="unknown", due_at=None)
    browser = signed_in(supervisor)
    page = browser.get(f"/notices/{post.notice_id}/").content.decode()
    assert "Nobody knows whether it arrived" in page
    browser.post(f"/notices/posts/{post.pk}/decide/", {"there": "no"})
    outgoing.post_due()

    assert len(server.statuses) == 1
    post.refresh_from_db()
    assert post.state == "sent"
    page = browser.post(f"/notices/posts/{post.pk}/decide/", {"there": "yes"}, follow=True)
    assert "It is known by now" in page.content.decode()


@pytest.mark.parametrize("what", ["ended", "demoted", "held"])
def test_it_is_not_posted_any_more_when_it_must_not_be(
    what: str, post: Post, supervisor: Member, server: MastodonServer
):
    if what == "ended":
        Notice.objects.update(state="ended")
    elif what == "demoted":
        Member.objects.filter(pk=supervisor.pk).update(role=Role.AGENT)
    else:
        Hold.objects.create(reason="위기", since=timezone.now())
    outgoing.post_due()

    assert server.statuses == []
    post.refresh_from_db()
    assert post.state == ("queued" if what == "held" else "rejected")


def test_it_prepares_a_text_for_a_person_where_the_machine_cannot_post(
    told: Told, supervisor: Member
):
    source("naver")
    source("naver")
    source("email")
    notice = told()
    browser = signed_in(supervisor)
    assert "I posted it" in browser.get(f"/notices/{notice.pk}/").content.decode()
    browser.post(f"/notices/{notice.pk}/posted/", {"place": "naver"})
    browser.post(f"/notices/{notice.pk}/posted/", {"place": "naver"})
    browser.post(f"/notices/{notice.pk}/posted/", {"place": "elsewhere"})
    browser.post(f"/notices/{notice.pk}/post/", {"place": "naver"})

    (row,) = Post.objects.all()
    assert (row.place, row.state, row.member) == ("naver", "sent", supervisor)
    assert "I posted it" not in browser.get(f"/notices/{notice.pk}/").content.decode()
    assert outgoing.post_due() == 0

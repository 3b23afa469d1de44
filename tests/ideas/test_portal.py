"""The public portal: read, search, want, follow, say something, without an account."""

from django.test import Client

from desk import signed_in
from sori.change.ideas.models import Idea
from wishers import came_in


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_it_smokes(propose, stranger, agent, inside, board):
    idea = propose(body="밤에도 됐으면\n해요")
    other = propose("앱에 어두운 화면 모드를 넣어 주세요")
    for path in (
        "/ideas/ko/",
        "/ideas/en/?sort=new",
        "/ideas/ko/?q=요금제",
        f"/ideas/ko/{idea.pk}/",
        "/ideas/ko/new/",
        "/ideas/ko/enter/",
        "/ideas/ko/feed/",
        "/ideas/ko/embed/",
    ):
        page(stranger, path)
    browser = signed_in(agent)
    for path in (
        "/ideas/desk/",
        "/ideas/desk/?view=waiting",
        "/ideas/desk/?view=hidden",
        "/ideas/desk/?q=요금제",
        f"/ideas/desk/{idea.pk}/",
        "/ideas/desk/new/",
    ):
        page(browser, path)
    came_in(stranger)
    page(stranger, "/ideas/ko/")
    answer = stranger.post(
        "/ideas/ko/new/",
        {"title": "요금제를 앱으로 바꾸게 해 주세요", "body": "x", "board": board.pk, "key": "abc"},
    )
    assert "혹시" in answer.content.decode()
    answer = stranger.post(
        "/ideas/ko/new/",
        {
            "title": "요금제를 앱으로 바꾸게 해 주세요",
            "body": "x",
            "board": board.pk,
            "key": "abc",
            "sure": "1",
        },
    )
    assert answer.status_code == 302
    assert Idea.objects.count() == 3

"""Addresses of ideas: the desk's, and those of the public portal."""

from django.urls import path, re_path

from sori.change.ideas.views import beside, boards, desk, doing, entrance, moderating, portal

LANGUAGE = r"^ideas/(?P<language>ko|en)/"
IDEA = LANGUAGE + r"(?P<idea>[0-9]{1,18})/"

app_name = "ideas"
urlpatterns = [
    path("ideas/", portal.choose, name="choose"),
    path("ideas/stop/<str:token>/", entrance.stop, name="stop"),
    re_path(LANGUAGE + r"$", portal.portal, name="portal"),
    re_path(LANGUAGE + r"feed/$", portal.feed, name="feed"),
    re_path(LANGUAGE + r"embed/$", portal.embed, name="embed"),
    re_path(LANGUAGE + r"new/$", doing.new, name="propose"),
    re_path(LANGUAGE + r"alike/$", doing.alike, name="alike"),
    re_path(LANGUAGE + r"enter/$", entrance.enter, name="enter"),
    re_path(LANGUAGE + r"enter/(?P<token>[^/]{1,64})/$", entrance.come_in, name="come_in"),
    re_path(LANGUAGE + r"leave/$", entrance.leave, name="leave"),
    re_path(IDEA + r"$", portal.idea, name="idea"),
    re_path(IDEA + r"vote/$", doing.vote, name="vote"),
    re_path(IDEA + r"follow/$", doing.follow, name="follow"),
    re_path(IDEA + r"comment/$", doing.comment, name="comment"),
    path("ideas/desk/", desk.desk, name="desk"),
    path("ideas/desk/new/", desk.new, name="new"),
    path("ideas/desk/alike/", desk.member_alike, name="member_alike"),
    path("ideas/desk/boards/", boards.boards, name="boards"),
    path("ideas/desk/boards/<int:board>/", boards.board, name="board"),
    re_path(
        r"^ideas/desk/comments/(?P<comment>[0-9]{1,18})/(?P<verb>show|hide)/$",
        moderating.judge_comment,
        name="judge_comment",
    ),
    path("ideas/desk/<int:idea>/", desk.one, name="one"),
    path("ideas/desk/<int:idea>/vote/", desk.member_vote, name="member_vote"),
    path("ideas/desk/<int:idea>/follow/", desk.member_follow, name="member_follow"),
    path("ideas/desk/<int:idea>/comment/", desk.member_comment, name="member_comment"),
    path("ideas/desk/<int:idea>/show/", moderating.show, name="show"),
    path("ideas/desk/<int:idea>/hide/", moderating.hide, name="hide"),
    path("ideas/desk/<int:idea>/answer/", moderating.answer, name="answer"),
    path("ideas/desk/<int:idea>/reword/", moderating.reword, name="reword"),
    path("ideas/desk/<int:idea>/merge/", moderating.merge, name="merge"),
    path("ideas/desk/<int:idea>/part/", moderating.part, name="part"),
    path("ideas/beside/<int:case>/", beside.beside, name="beside"),
    path("ideas/beside/<int:case>/vote/", beside.vote_for, name="vote_for"),
]

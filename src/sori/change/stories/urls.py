"""Addresses of stories: the desk's, and the public pages."""

from django.urls import path, re_path

from sori.change.stories.views import desk, everybody

LANGUAGE = r"^changes/(?P<language>ko|en)/"

app_name = "stories"
urlpatterns = [
    path("stories/", desk.stories, name="stories"),
    path("stories/<int:story>/", desk.story, name="story"),
    path("stories/<int:story>/quote/", desk.quote, name="quote"),
    path("stories/<int:story>/publish/", desk.publish, name="publish"),
    path("stories/<int:story>/withdraw/", desk.withdraw, name="withdraw"),
    re_path(
        r"^stories/(?P<story>[0-9]{1,18})/(?P<language>ko|en)/write/$", desk.write, name="write"
    ),
    path("initiatives/<int:initiative>/story/", desk.of_initiative, name="of_initiative"),
    path("changes/", everybody.choose, name="public_choose"),
    path("changes/<int:story>/", everybody.short, name="public_short"),
    re_path(LANGUAGE + r"$", everybody.stories, name="public"),
    re_path(LANGUAGE + r"feed\.xml$", everybody.feed, name="feed"),
    re_path(LANGUAGE + r"(?P<slug>[^/]{1,140})/$", everybody.story, name="public_story"),
]

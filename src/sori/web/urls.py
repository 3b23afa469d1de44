"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path

from sori.staff import first_run
from sori.web import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("settings/", views.set_up, name="settings"),
    path("health", views.health, name="health"),
    path("language/", views.choose_language, name="language"),
    path("accounts/", include("sori.staff.account_urls")),
    path("accounts/", include("allauth.urls")),
    path("members/", include("sori.staff.urls")),
    path("welcome/<str:token>/", first_run.welcome, name="welcome"),
    path("", include("sori.respond.urls")),
    path("automation/", include("sori.automation.urls")),
    path("", include("sori.teamwork.urls")),
    path("", include("sori.webchat.urls")),
    path("", include("sori.change.urls")),
    path("", include("sori.change.ideas.urls")),
    path("", include("sori.change.initiatives.urls")),
    path("", include("sori.change.loops.urls")),
    path("", include("sori.change.outcomes.urls")),
    path("", include("sori.change.stories.urls")),
    path("", include("sori.change.notices.urls")),
    path("", include("sori.change.studies.urls")),
    path("", include("sori.articles.urls")),
    path("", include("sori.listen.urls")),
    path("", include("sori.lessons.urls")),
    path("", include("sori.insight.urls")),
    path("people/", include("sori.portrait.urls")),
    path("notifications/", include("sori.notifications.urls")),
    path("trace/", include("sori.tracing.urls")),
]

handler400 = "sori.web.views.bad_request"
handler403 = "sori.web.views.forbidden"
handler404 = "sori.web.views.not_found"
handler500 = "sori.web.views.broken"
handler429 = "sori.web.views.too_many"

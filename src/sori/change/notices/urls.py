"""Addresses of notices: the desk's, those beside a case, and those that everybody may read."""

from django.urls import path, re_path

from sori.change.notices import case_views, desk_views, post_views, public_views

app_name = "notices"
urlpatterns = [
    path("notices/", desk_views.notices, name="notices"),
    path("notices/new/", desk_views.new, name="new"),
    path("notices/for-case/<int:case>/", case_views.for_case, name="for_case"),
    path("notices/now/", public_views.choose, name="now"),
    path("notices/now.json", public_views.as_json, name="now_json"),
    re_path(r"^notices/now/(?P<language>ko|en)/$", public_views.standing, name="standing"),
    path("notices/<int:notice>/", desk_views.notice, name="notice"),
    path("notices/<int:notice>/change/", desk_views.change, name="change"),
    path("notices/<int:notice>/approve/", desk_views.approve, name="approve"),
    path("notices/<int:notice>/go-on/", desk_views.go_on, name="go_on"),
    path("notices/<int:notice>/still-true/", desk_views.still_true, name="still_true"),
    path("notices/<int:notice>/end/", desk_views.end, name="end"),
    path("notices/<int:notice>/throw-away/", desk_views.throw_away, name="throw_away"),
    path("notices/<int:notice>/post/", post_views.post, name="post"),
    path("notices/<int:notice>/posted/", post_views.posted, name="posted"),
    path("notices/posts/<int:post>/decide/", post_views.decide, name="decide"),
    path("notices/<int:notice>/spared/", desk_views.spared, name="spared"),
    path("notices/<int:notice>/used/", case_views.used, name="used"),
]

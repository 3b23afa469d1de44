"""The addresses of the listening room."""

from django.urls import path, re_path

from sori.listen import call_views, form_views, phone_views, query_views, source_views

app_name = "listen"
urlpatterns = [
    path("sources/", source_views.sources, name="sources"),
    path("sources/new/", source_views.choose_channel, name="choose_channel"),
    path("sources/new/<slug:channel>/", source_views.new_source, name="new_source"),
    path("sources/<int:source>/", source_views.source, name="source"),
    path("sources/<int:source>/settings/", source_views.change_source, name="change_source"),
    re_path(
        r"^sources/(?P<source>[0-9]+)/(?P<verb>pause|resume|poll)/$",
        source_views.steer,
        name="steer",
    ),
    path("sources/quarantine/<int:item>/replay/", source_views.replay, name="replay"),
    path("form/<slug:slug>/", form_views.form, name="form"),
    path("form/<slug:slug>/embed.js", form_views.embed, name="embed"),
    path("calls/new/", call_views.new_call, name="new_call"),
    path("calls/people/", call_views.people, name="call_people"),
    path("calls/ringing/", call_views.ringing, name="ringing"),
    path("calls/arrived/<slug:slug>/", phone_views.arrived, name="call_arrived"),
    path("sources/<int:source>/secret/", phone_views.new_secret, name="new_secret"),
    path("queries/", query_views.queries, name="queries"),
    path("queries/new/", query_views.new_query, name="new_query"),
    path("queries/preview/", query_views.preview, name="preview"),
    path("queries/<int:query>/", query_views.query, name="query"),
    path("queries/<int:query>/delete/", query_views.delete_query, name="delete_query"),
]

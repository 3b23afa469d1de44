"""Addresses of tracing."""

from django.urls import path

from sori.tracing import views

app_name = "tracing"
urlpatterns = [
    path("", views.search, name="search"),
    path("orphans/", views.orphans, name="orphans"),
    path("orphans/end/", views.end_shown, name="end_shown"),
    path("initiative/<int:initiative>/", views.sentences, name="sentences"),
    path("<slug:mention>/", views.mention, name="mention"),
    path("<slug:mention>/end/", views.end, name="end"),
    path("<slug:mention>/wait/", views.wait, name="wait"),
]

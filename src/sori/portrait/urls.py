"""Addresses under /people/."""

from django.urls import path

from sori.portrait.views import changes, leaving, loading, pages

app_name = "portrait"
urlpatterns = [
    path("", pages.people, name="people"),
    path("purchases/", loading.purchases, name="purchases"),
    path("erasures/<int:erasure>/", leaving.erasure, name="erasure"),
    path("<int:person>/", pages.person, name="person"),
    path("<int:person>/alike/", pages.alike, name="alike"),
    path("<int:person>/change/", changes.change, name="change"),
    path("<int:person>/identifiers/", changes.add_identifier, name="add_identifier"),
    path(
        "<int:person>/identifiers/<int:identifier>/remove/",
        changes.remove_identifier,
        name="remove_identifier",
    ),
    path("<int:person>/accounts/<int:identity>/", changes.verify, name="verify"),
    path("<int:person>/merge/", changes.merge, name="merge"),
    path("<int:person>/part/", changes.part, name="part"),
    path("<int:person>/apart/", changes.tell_apart, name="tell_apart"),
    path("<int:person>/export/", leaving.export, name="export"),
    path("<int:person>/forget/", leaving.forget, name="forget"),
]

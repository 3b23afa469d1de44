"""Addresses of studies."""

from django.urls import path, re_path

from sori.change.studies import views

app_name = "studies"
urlpatterns = [
    path("studies/", views.studies, name="studies"),
    path("studies/new/", views.new, name="new"),
    path("studies/<int:study>/", views.study, name="study"),
    path("studies/<int:study>/progress/", views.progress, name="progress"),
    path("studies/<int:study>/again/", views.again, name="again"),
    path("studies/<int:study>/delete/", views.delete, name="delete"),
    re_path(
        r"^studies/(?P<study>[0-9]{1,18})/study\.(?P<form>csv|json)$", views.export, name="export"
    ),
]

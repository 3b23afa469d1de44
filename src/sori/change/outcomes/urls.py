"""Addresses of what a change has brought."""

from django.urls import path

from sori.change.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("outcomes/", views.outcomes, name="outcomes"),
    path("initiatives/<int:initiative>/outcome/", views.outcome, name="outcome"),
]

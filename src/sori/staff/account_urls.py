"""Addresses under /accounts/ that are ours; the others are django-allauth's."""

from django.urls import path

from sori.staff import entrance

urlpatterns = [
    path("link/", entrance.ask_for_link, name="ask_for_link"),
    path("link/<str:token>/", entrance.sign_in_by_link, name="sign_in_by_link"),
]

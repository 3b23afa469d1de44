"""Tells Django about this app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sori.people"
    default_auto_field = "django.db.models.BigAutoField"

"""Tells Django about this app."""

from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "sori.teamwork"
    default_auto_field = "django.db.models.BigAutoField"

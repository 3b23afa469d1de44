"""Tells Django about this app."""

from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "sori.change.ideas"
    default_auto_field = "django.db.models.BigAutoField"

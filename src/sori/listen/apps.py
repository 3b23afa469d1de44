"""Tells Django about this app."""

from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "sori.listen"
    default_auto_field = "django.db.models.BigAutoField"

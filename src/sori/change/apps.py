"""Tells Django about this app."""

from django.apps import AppConfig


class ChangeConfig(AppConfig):
    name = "sori.change"
    default_auto_field = "django.db.models.BigAutoField"

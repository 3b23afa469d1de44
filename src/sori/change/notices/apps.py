"""Tells Django about this app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "sori.change.notices"
    default_auto_field = "django.db.models.BigAutoField"

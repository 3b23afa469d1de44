"""Tells Django about this app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "sori.journal"
    default_auto_field = "django.db.models.BigAutoField"

"""Tells Django about this app."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "sori.change.outcomes"
    default_auto_field = "django.db.models.BigAutoField"

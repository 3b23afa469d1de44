"""Tells Django about this app."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "sori.insight"
    default_auto_field = "django.db.models.BigAutoField"

"""Tells Django about this app."""

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    name = "sori.change.studies"
    default_auto_field = "django.db.models.BigAutoField"

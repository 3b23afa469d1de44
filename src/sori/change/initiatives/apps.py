"""Tells Django about this app."""

from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "sori.change.initiatives"
    default_auto_field = "django.db.models.BigAutoField"

"""Tells Django about this app."""

from django.apps import AppConfig


class RespondConfig(AppConfig):
    name = "sori.respond"
    default_auto_field = "django.db.models.BigAutoField"

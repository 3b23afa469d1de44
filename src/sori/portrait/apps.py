"""Tells Django about this app."""

from django.apps import AppConfig


class PortraitConfig(AppConfig):
    name = "sori.portrait"
    default_auto_field = "django.db.models.BigAutoField"

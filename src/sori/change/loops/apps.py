"""Tells Django about this app."""

from django.apps import AppConfig


class LoopsConfig(AppConfig):
    name = "sori.change.loops"
    default_auto_field = "django.db.models.BigAutoField"

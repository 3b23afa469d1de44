"""Tells Django about this app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sori.web"
    default_auto_field = "django.db.models.BigAutoField"

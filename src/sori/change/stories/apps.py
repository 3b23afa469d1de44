"""Tells Django about this app."""

from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "sori.change.stories"
    default_auto_field = "django.db.models.BigAutoField"

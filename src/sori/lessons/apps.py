"""Tells Django about this app."""

from django.apps import AppConfig


class LessonsConfig(AppConfig):
    name = "sori.lessons"
    default_auto_field = "django.db.models.BigAutoField"

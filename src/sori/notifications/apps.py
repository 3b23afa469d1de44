"""Tells Django about this app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "sori.notifications"
    default_auto_field = "django.db.models.BigAutoField"

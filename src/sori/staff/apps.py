"""Tells Django about this app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "sori.staff"
    default_auto_field = "django.db.models.BigAutoField"

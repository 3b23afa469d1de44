"""Tells Django about this app."""

from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "sori.automation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let macros be run on many cases at once."""
        from sori.automation import bulk  # models are ready only now

        bulk.offer()

"""Tells Django about this app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "sori.journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear what members do."""
        from sori.journal import staff  # models are ready only now

        staff.listen()

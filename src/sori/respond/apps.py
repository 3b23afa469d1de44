"""Tells Django about this app."""

from django.apps import AppConfig


class RespondConfig(AppConfig):
    name = "sori.respond"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear what people correct."""
        from sori.respond import relabelling  # models are ready only now

        relabelling.listen()

"""Tells Django about this app."""

from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "sori.change.ideas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear when two voters turn out to be one."""
        from sori.change.ideas import families  # models are ready only now

        families.listen()

"""Tells Django about this app."""

from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "sori.teamwork"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear the answers that come by mail, and count none of them as a customer's voice."""
        from sori.listen import memory  # models are ready only now
        from sori.teamwork import hearing

        hearing.listen()
        memory.leave_out(hearing.accounts)

"""Tells Django about this app."""

from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "sori.teamwork"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear answers by mail, which are no customer's voice, and follow the cases."""
        from sori.listen import memory  # models are ready only now
        from sori.teamwork import following, hearing

        hearing.listen()
        following.listen()
        memory.leave_out(hearing.accounts)

"""Tells Django about this app, and chat windows what stands."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "sori.change.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell chat windows what stands."""
        from sori.change.notices.selectors import lines
        from sori.webchat.script import tell_also

        tell_also(lines)

"""Tells Django about this app, and lets it have a say before an answer is approved."""

from django.apps import AppConfig


class WebchatConfig(AppConfig):
    name = "sori.webchat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for answers that are about to be approved."""
        from sori.respond.signals import approving
        from sori.webchat.leaving import lead_home

        approving.connect(lead_home, dispatch_uid="webchat")

"""Tells Django about this app."""

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    name = "sori.web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the table that counts failed sign-ins together with all others."""
        post_migrate.connect(_make_cache_table, sender=self, dispatch_uid="cache-table")


def _make_cache_table(using: str, **_: object) -> None:
    call_command("createcachetable", database=using, verbosity=0)

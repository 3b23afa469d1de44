"""Tells Django about this app."""

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    name = "sori.web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the table that counts failed sign-ins together with all others."""
        # the signal is sent for apps with tables alone, and this one has none
        staff = apps.get_app_config("staff")
        post_migrate.connect(_make_cache_table, sender=staff, dispatch_uid="cache-table")


def _make_cache_table(using: str, **_: object) -> None:
    call_command("createcachetable", database=using, verbosity=0)

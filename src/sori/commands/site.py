"""Open the home folder: settings, database, migrations."""

import os

from sori.commands.terminal import console


def open_site() -> None:
    """Make Django ready and bring the database up to date; harmless to repeat."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sori.web.settings")
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        console.print("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)

"""The pairs that search looks for: an FTS5 table on SQLite, a column with a GIN index elsewhere."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FORWARDS = {
    "sqlite": [
        "CREATE VIRTUAL TABLE respond_grams USING fts5("
        "tokens, content='', detail='none', tokenize='ascii')",
    ],
    "postgresql": [
        "ALTER TABLE respond_passage ADD COLUMN grams tsvector NOT NULL DEFAULT ''",
        "CREATE INDEX respond_passage_grams ON respond_passage USING gin (grams)"
        " WITH (fastupdate = off)",
    ],
}
BACKWARDS = {
    "sqlite": ["DROP TABLE respond_grams"],
    "postgresql": ["ALTER TABLE respond_passage DROP COLUMN grams"],
}


def forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in FORWARDS[editor.connection.vendor]:
        editor.execute(statement)


def backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in BACKWARDS[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("respond", "0002_initial")]

    operations = [migrations.RunPython(forwards, backwards)]

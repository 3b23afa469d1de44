"""The database itself refuses to change or delete an event."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FORWARDS = {
    "sqlite": [
        "CREATE TRIGGER journal_event_no_update BEFORE UPDATE ON journal_event"
        " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        "CREATE TRIGGER journal_event_no_delete BEFORE DELETE ON journal_event"
        " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'the journal is append-only'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER journal_event_append_only BEFORE UPDATE OR DELETE ON journal_event"
        " FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
    ],
}
BACKWARDS = {
    "sqlite": [
        "DROP TRIGGER journal_event_no_update",
        "DROP TRIGGER journal_event_no_delete",
    ],
    "postgresql": [
        "DROP TRIGGER journal_event_append_only ON journal_event",
        "DROP FUNCTION journal_refuse()",
    ],
}


def forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in FORWARDS[editor.connection.vendor]:
        editor.execute(statement)


def backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in BACKWARDS[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_initial")]

    operations = [migrations.RunPython(forwards, backwards)]

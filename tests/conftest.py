"""What every test may ask for."""

import os
import threading
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core import management
from django.core.management.commands import flush as flushing
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.backends.sqlite3.base import DatabaseOperations

import migrated

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker, Settings

    from sori.lake.store import Lake
    from sori.staff.models import Member


ONCE = ("articles", "demo", "insight", "lessons", "story", "tracing", "web")
"""Rooms that ask the lake or draw pages, in the same words on either database."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` asks some rooms on SQLite alone, `make test-all` on PostgreSQL too.

    A story in a browser has several programs in it that share a machine: one that fails is told
    once more, and the summary of the run says so. When the site is slow on purpose nothing is.
    """
    here = Path(__file__).parent
    for item in items:
        if item.get_closest_marker("browser") and "SORI_SLOW_ANSWERS" not in os.environ:
            item.add_marker(pytest.mark.flaky(reruns=1))
        if item.path.is_relative_to(here) and item.path.relative_to(here).parts[0] in ONCE:
            item.add_marker("once")


@pytest.fixture
def home(tmp_path: Path, settings: object) -> Path:
    """A home folder of this test's own, which the settings point to."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    settings.LAKE = str(tmp_path / "lake")  # type: ignore[attr-defined]
    settings.FILES = tmp_path / "files"  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def lake(home: Path) -> "Lake":
    """An empty lake in the home folder."""
    from sori.lake.store import Lake

    return Lake(str(home / "lake"))


@pytest.fixture
def fresh_counts(settings: "Settings", request: pytest.FixtureRequest) -> None:
    """Tries of one test do not count in the next."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": request.node.nodeid,
        }
    }


@pytest.fixture
def make_member(db: None) -> "Callable[..., Member]":
    """Makes a member; the password is the address read backwards."""
    from sori.staff.models import Member, Role

    def make(role: str = Role.AGENT, email: str | None = None) -> Member:
        email = email or f"{role}@example.com"
        return Member.objects.create_user(email, email[::-1], name=f"{role} 김", role=role)

    return make


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, pytestconfig: pytest.Config
) -> Iterator[None]:
    """The empty database is copied from the run before, if its migrations were the same."""
    kept = pytestconfig.cache.mkdir("migrated")  # type: ignore[union-attr]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(management, "call_command", partial(migrated.call_command, kept))
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[None]:
    """A killed child's session may live on for a moment, and the database goes all the same."""
    yield
    if connections["default"].vendor == "postgresql":
        with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _threads_close_what_they_opened() -> Iterator[None]:
    """A connection that a thread leaves open is a session nobody can use or close any more.

    On PostgreSQL it would also keep the test database from being dropped.
    """
    if connections["default"].vendor != "postgresql":
        yield
        return
    opened: list[tuple[str, BaseDatabaseWrapper]] = []

    def note(connection: BaseDatabaseWrapper, **_: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            opened.append((threading.current_thread().name, connection))

    connection_created.connect(note)
    yield
    connection_created.disconnect(note)
    left = [(name, one.connection) for name, one in opened if one.connection is not None]
    for _, session in left:
        session.close()
    assert left == [], "threads that left their connection open"


@pytest.fixture(scope="session", autouse=True)
def _emptied_between_tests() -> Iterator[None]:
    """Emptying the database between two tests is the one delete the journal's triggers let pass."""
    flush = DatabaseOperations.execute_sql_flush
    triggers = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_event'"
    )

    def without_triggers(self: DatabaseOperations, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            found = cursor.execute(triggers).fetchall()
            for name, _ in found:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(self, statements)
            for _, sql in found:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", without_triggers)
        # Django would write its own permissions again, which nobody here asks for: half a second
        patch.setattr(flushing, "emit_post_migrate_signal", lambda *_, **__: None)
        patch.setattr(flushing, "sql_flush", _of_what_was_written)
        yield


def _of_what_was_written(style: Any, connection: Any, **options: Any) -> list[str]:
    """What empties the tables that hold anything: of a hundred and fifty, that is a handful."""
    names = _tables(connection.alias)
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})"
        for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        full = [name for (name,) in cursor.fetchall()]
    options["allow_cascade"] = True  # to tables that are empty, or among these
    flush: list[str] = connection.ops.sql_flush(style, full, **options) if full else []
    return flush


@cache
def _tables(alias: str) -> list[str]:
    return connections[alias].introspection.django_table_names(
        only_existing=True, include_views=False
    )

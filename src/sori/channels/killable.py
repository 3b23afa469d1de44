"""A child process that does risky work and may be killed: what it dies of does not reach us.

It is asked over a pipe, one question and one answer at a time, and lives until it is idle for good
or has to be killed. Whoever asks next gets a fresh one.
"""

import os
import resource
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Final

LENGTH: Final = struct.Struct(">Q")
LONGEST_ANSWER: Final = 64_000_000
MEMORY: Final = 768 * 1024 * 1024
ALLOWED_EVENTS: Final = frozenset({"open", "os.listdir", "os.scandir"})
FORBIDDEN: Final = (
    *("socket.", "subprocess.", "os.", "shutil.", "ftplib.", "http.", "urllib.", "ctypes."),
    *("pty.", "webbrowser.", "sqlite3."),
)


class Died(Exception):
    """The child did not live to answer."""


class Child:
    """Asks a module that calls `serve`, in a process of its own.

    Args:
        module: run with `python -m`.
        seconds: wall time for one answer; CPU time is limited to the same.
    """

    def __init__(self, module: str, *, seconds: float) -> None:
        self._module = module
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._lock = threading.Lock()

    def ask(self, question: bytes) -> bytes:
        """The answer to one question.

        Raises:
            Died: when it took too long, too much memory, or crashed.
        """
        with self._lock:
            process = self._living()
            overdue = threading.Event()
            timer = threading.Timer(self._seconds, _kill, (process, overdue))
            timer.daemon = True
            timer.start()
            try:
                return _exchange(process, question)
            except (OSError, EOFError) as error:
                self.end()
                what = f"took longer than {self._seconds:g} s" if overdue.is_set() else "died"
                raise Died(f"the reader {what} (exit {process.returncode})") from error
            finally:
                timer.cancel()

    def end(self) -> None:
        """Let the child go."""
        if self._process and self._owner == os.getpid():
            self._process.kill()
            self._process.communicate()
        self._process = None

    def _living(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            self._process = None  # a fork must not talk over its parent's pipes
        if self._process is None or self._process.poll() is not None:
            self._owner = os.getpid()
            self._process = subprocess.Popen(  # noqa: S603 (our own module, no words from outside)
                [sys.executable, "-m", self._module, str(int(self._seconds) + 1)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_surroundings(),
                close_fds=True,
            )
        return self._process


def serve(answer: Callable[[bytes], bytes], cpu_seconds: int) -> None:
    """Answer questions until there are no more, with CPU, memory and reach limited.

    After this neither the network nor another process can be reached, and no file opened but the
    modules of Python itself. Limits that an operating system does not know are left out.
    """
    sys.addaudithook(_watch)
    _limit(resource.RLIMIT_AS, MEMORY, MEMORY)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(LENGTH.size):
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _limit(resource.RLIMIT_CPU, int(used) + cpu_seconds, resource.RLIM_INFINITY)
        reply = answer(source.read(LENGTH.unpack(head)[0]))
        sink.write(LENGTH.pack(len(reply)) + reply)
        sink.flush()


def _limit(kind: int, soft: int, hard: int) -> None:
    try:
        resource.setrlimit(kind, (soft, hard))
    except (ValueError, OSError):
        return  # macOS does not limit memory so; the wall clock of the parent is still there


def _watch(event: str, details: tuple[object, ...]) -> None:
    if event == "open":
        path = str(details[0])
        if not path.endswith((".py", ".pyc", ".so")):
            raise PermissionError(f"the reader may not open {path}")
    elif event.startswith(FORBIDDEN) and event not in ALLOWED_EVENTS:
        raise PermissionError(f"the reader may not do {event}")


def _surroundings() -> dict[str, str]:
    """As little of our environment as a Python needs to start: no settings, no secrets."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return kept | {"PATH": "", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _exchange(process: subprocess.Popen[bytes], question: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(LENGTH.pack(len(question)) + question)
    process.stdin.flush()
    size = LENGTH.unpack(_exactly(process.stdout, LENGTH.size))[0]
    if size > LONGEST_ANSWER:
        raise EOFError
    return _exactly(process.stdout, size)


def _exactly(source: IO[bytes], size: int) -> bytes:
    got = source.read(size)
    if len(got) < size:
        raise EOFError
    return got


def _kill(process: subprocess.Popen[bytes], overdue: threading.Event) -> None:
    overdue.set()
    process.kill()

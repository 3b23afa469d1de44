"""Speak to the person at the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from sori.errors import SoriError

console = Console(stderr=True, highlight=False)


def fail(message: str) -> NoReturn:
    """Say what is wrong and what to do, and end with exit status 1."""
    console.print(f"[bold red]sori:[/] {message}")
    raise typer.Exit(1)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn Sori's own errors into one sentence instead of a traceback."""
    try:
        yield
    except SoriError as error:
        fail(str(error))


def progress_bar() -> Progress:
    """A bar for work whose length is known; silent where nobody watches."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )

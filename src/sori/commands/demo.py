"""`sori demo`: the invented company, without starting the site."""

from typing import Annotated

import typer
from rich.progress import TaskID

from sori.commands.site import open_site
from sori.commands.terminal import console, fail, plain_errors, progress_bar


def demo(
    load_only: Annotated[
        bool, typer.Option("--load-only", help="Load the demo company and end.")
    ] = False,
    port: Annotated[int, typer.Option(envvar="SORI_PORT", help="The port of the site.")] = 8000,
) -> None:
    """Load the demo company, and start everything unless told otherwise."""
    if not load_only:
        from sori.commands.up import up

        up(demo=True, port=port)
        return
    with plain_errors():
        open_site()
        load_demo()


def load_demo() -> None:
    """Load the demo company, unless it is there; an installation in use is left alone."""
    from sori import demo as company
    from sori.staff.models import Member

    if company.loaded():
        return
    if Member.objects.exists() and not company.begun():
        fail(
            "this home is in use; give the demo a home of its own: SORI_HOME=./demo sori up --demo"
        )
    with progress_bar() as bar:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            task = tasks.get(what)
            if task is None:
                task = tasks[what] = bar.add_task(what, total=total)
            bar.update(task, completed=done, total=total)

        console.print("Loading the demo company: sixty days of an invented telecom ...")
        company.load(progress)

"""Load the demo company from a command, with a bar that tells how far it is."""

from rich.progress import TaskID

from sori.commands.terminal import console, fail, progress_bar


def load_demo() -> None:
    """Load the demo company, unless it is there; an installation in use is left alone."""
    from sori.demo import loading as company
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

"""`sori query`: save and show listening rules without the site."""

from typing import Annotated

import typer
from rich.table import Table

from sori.commands.site import open_site
from sori.commands.terminal import console, fail, plain_errors
from sori.errors import LanguageError

query = typer.Typer(help="Save and show listening rules.", no_args_is_help=True)


@query.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    rule: Annotated[str, typer.Argument(help='For example: 환불 AND (지연 OR "안 와")')],
) -> None:
    """Save a listening rule; one of the same name is replaced."""
    with plain_errors():
        open_site()
        from sori.listen.rules import save_query

        try:
            save_query(name=name, expression=rule)
        except LanguageError as error:
            fail(f"{error}\n  {rule}\n  {' ' * error.position}^")


@query.command("list")
def show() -> None:
    """Show the listening rules."""
    with plain_errors():
        open_site()
        from sori.listen.models import Query

        table = Table("name", "rule", "active")
        for row in Query.objects.all():
            table.add_row(row.name, row.expression, "✓" if row.active else "")
        console.print(table)

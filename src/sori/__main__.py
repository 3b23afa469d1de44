"""The `sori` command: its verbs, in the order in which a newcomer meets them."""

import typer

from sori.commands.channels import channels
from sori.commands.demo import demo
from sori.commands.learning import replay, retrain
from sori.commands.listen import listen
from sori.commands.query import query
from sori.commands.surges import surges
from sori.commands.themes import themes
from sori.commands.trace import trace
from sori.commands.understand import understand
from sori.commands.up import up, web, worker

app = typer.Typer(
    help="Sori: listen wherever customers talk, understand, respond together, and change.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
app.command()(up)
app.command()(web)
app.command()(worker)
app.command()(demo)
app.command()(listen)
app.add_typer(query, name="query")
app.command()(understand)
app.command()(retrain)
app.command()(replay)
app.command()(themes)
app.command()(surges)
app.command()(trace)
app.command()(channels)


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()

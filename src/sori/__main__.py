"""The `sori` command."""

import typer

app = typer.Typer(help="Listen, understand, respond, change.", no_args_is_help=True)


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()

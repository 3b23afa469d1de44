"""`sori demo`: the invented company, without starting the site."""

from typing import Annotated

import typer

from sori.commands.company import load_demo
from sori.commands.site import open_site
from sori.commands.terminal import plain_errors
from sori.commands.up import up


def demo(
    load_only: Annotated[
        bool, typer.Option("--load-only", help="Load the demo company and end.")
    ] = False,
    port: Annotated[int, typer.Option(envvar="SORI_PORT", help="The port of the site.")] = 8000,
) -> None:
    """Load the demo company, and start everything unless told otherwise."""
    if not load_only:
        up(demo=True, port=port)
        return
    with plain_errors():
        open_site()
        load_demo()

"""The screens that every page is looked at on: theme, width, and what its picture is called."""

import pytest

SCREENS = (("light", 1440), ("dark", 1440), ("dark", 1100), ("light", 390), ("dark", 390))


BRIEFLY = (("light", 1440), ("dark", 390))
"""Those that `make test` looks at; `make test-all` looks at every one."""


def on_every_screen(page: str) -> pytest.MarkDecorator:
    """A test of this page for each of them, with `theme`, `width` and `name`."""
    named = [
        pytest.param(
            *screen,
            f"{page}-{screen[1]}-{screen[0]}",
            marks=() if screen in BRIEFLY else pytest.mark.slow,
        )
        for screen in SCREENS
    ]
    return pytest.mark.parametrize(("theme", "width", "name"), named)

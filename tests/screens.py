"""The screens that every page is looked at on: theme, width, and what its picture is called."""

import pytest

SCREENS = (("light", 1440), ("dark", 1440), ("dark", 1100), ("light", 390), ("dark", 390))


def on_every_screen(page: str) -> pytest.MarkDecorator:
    """A test of this page for each of them, with `theme`, `width` and `name`."""
    named = [(theme, width, f"{page}-{width}-{theme}") for theme, width in SCREENS]
    return pytest.mark.parametrize(("theme", "width", "name"), named)

"""Draw an icon of the lucide set into the page itself; one look into its archive per name."""

import re
from functools import cache

import lucide
from markupsafe import Markup

_SPACE = re.compile(r"\s+")


@cache
def icon(name: str, size: int = 18) -> Markup:
    """An icon as inline SVG, hidden from screen readers; words beside it must say what it means.

    Raises:
        lucide.IconDoesNotExist: when lucide has no icon of this name.
    """
    drawn = lucide._render_icon(
        name, size, aria_hidden="true", stroke_width="1.75", **{"class": "icon"}
    )
    # The file comes from the installed package, never from a customer.
    return Markup(_SPACE.sub(" ", drawn).replace("> <", "><").strip())  # noqa: S704

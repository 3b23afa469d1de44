"""Blanks in a text, written as {고객} or {customer} and filled in when the text is used."""

import re
from collections.abc import Mapping
from typing import Final

_BLANK: Final = re.compile(r"\{(\w+)\}")


class Blanks:
    """The blanks that some texts may have.

    Args:
        names: what may stand in the braces, in every language -> the value that it stands for.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    @property
    def written(self) -> tuple[str, ...]:
        """Each of them as it is written."""
        return tuple(f"{{{name}}}" for name in self._names)

    def filled(self, text: str, values: Mapping[str, str]) -> str:
        """A text with its blanks filled in; braces around anything else stay as they are."""

        def value(blank: re.Match[str]) -> str:
            return values.get(self._names.get(blank[1], ""), blank[0])

        return _BLANK.sub(value, text)

    def addresses(self, text: str) -> bool:
        """Whether a text has a blank for the customer's name."""
        return any(self._names.get(blank[1]) == "customer" for blank in _BLANK.finditer(text))

    def unknown(self, text: str) -> list[str]:
        """What in a text looks like a blank and nobody can fill, as it is written."""
        return [blank[0] for blank in _BLANK.finditer(text) if blank[1] not in self._names]

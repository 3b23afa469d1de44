"""Compile the translations (`*.po` -> `*.mo`) whenever the package is built or installed.

Compiled catalogues are not committed: they would drift from the text a translator edits.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_messages(root: Path) -> None:
    """Write a `.mo` beside every `.po` under `root`."""
    for po in sorted(root.rglob("*.po")):
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parent.parent.name)
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalog)


class MessagesHook(BuildHookInterface[Any]):
    """Runs for wheels and for editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Called by hatchling before files are collected."""
        compile_messages(Path(self.root) / "src")

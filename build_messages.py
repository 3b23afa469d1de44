"""Gather the texts of the pages, and compile their translations (`*.po` -> `*.mo`).

Compiled catalogues are not committed: they would drift from the text a translator edits, so every
build and installation makes them. A language may be written in several files, merged here:
`locale/ko/LC_MESSAGES/django.po` first, then `locale/ko/fragments/*.po` in alphabetical order.

`python build_messages.py` compiles and lists what is still untranslated.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

METHODS = [("**/jinja2/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {
    "**/jinja2/**.html": {
        "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
        "newstyle_gettext": "true",
        "trimmed": "true",
        "silent": "false",
    }
}
# As our modules import them, with Django's lazy twins.
KEYWORDS: dict[str, Any] = DEFAULT_KEYWORDS | {
    "marked": None,
    "Unfit": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "_in": ((1, "c"), 2),
}


def sources(language: Path) -> list[Path]:
    """The files one language is written in, `locale/ko` for example; the first word counts."""
    return [
        *sorted((language / "LC_MESSAGES").glob("*.po")),
        *sorted((language / "fragments").glob("*.po")),
    ]


def merged(language: Path) -> Catalog:
    """All translations of one language."""
    catalog = Catalog(locale=language.name)
    for file in sources(language):
        with file.open("rb") as opened:
            part = read_po(opened, locale=language.name)
        for message in part:
            if message.id and message.string and catalog.get(message.id, message.context) is None:
                catalog[message.id] = message
    return catalog


def used(package: Path) -> Iterator[tuple[str, int, Any, str | None]]:
    """Every text `package` may say: file, line, msgid (a pair for plurals), context."""
    found = extract_from_dir(package, METHODS, OPTIONS, KEYWORDS)
    for file, line, message, _comments, context in found:
        yield file, line, message, context


def compile_messages(root: Path) -> None:
    """Write the `.mo` of every language under `root`."""
    for folder in sorted(root.rglob("locale/*/LC_MESSAGES")):
        # moved into place whole: another process may be reading, or compiling as well
        draft = folder / f"django.{os.getpid()}.mo"
        with draft.open("wb") as target:
            write_mo(target, merged(folder.parent))
        draft.replace(folder / "django.mo")


class MessagesHook(BuildHookInterface[Any]):
    """Runs for wheels and for editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Called by hatchling before files are collected."""
        compile_messages(Path(self.root) / "src")


def main() -> int:
    """Compile, and list what a page may say and nobody has translated."""
    package = Path(__file__).parent / "src" / "sori"
    compile_messages(package)
    missing = 0
    for language in sorted(
        path for path in (package / "web" / "locale").iterdir() if path.is_dir()
    ):
        catalog = merged(language)
        for file, line, message, context in used(package):
            if catalog.get(message, context) is None:
                sys.stdout.write(f"{language.name}: src/sori/{file}:{line}: {message!r}\n")
                missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

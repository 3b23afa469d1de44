"""The reference stays true: every command and every setting stands in it, and nothing else."""

import re
from pathlib import Path

import typer.main

from sori.__main__ import app
from sori.channels.abilities import abilities
from sori.commands.channels import markdown

ROOT = Path(__file__).parents[2]
SETTING = re.compile(r'"((?:SORI_|DATABASE_)[A-Z_]+)"')


def text(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")


def test_it_documents_every_command_and_no_other():
    documented = set(re.findall(r"^## sori (\S+)", text("commands.md"), re.MULTILINE))
    group = typer.main.get_command(app)

    assert documented == set(group.commands)  # type: ignore[attr-defined]


def test_it_documents_every_setting_and_no_other():
    read = set()
    for folder in ("web", "commands", "channels/drop"):
        for path in (ROOT / "src" / "sori" / folder).glob("*.py"):
            read |= set(SETTING.findall(path.read_text(encoding="utf-8")))
    documented = set(re.findall(r"^\| `([A-Z_]+)`", text("settings.md"), re.MULTILINE))

    assert documented == read


def test_it_tells_what_each_channel_can_do():
    table = markdown([row for row in abilities() if row["name"] != "demo"])

    assert table in text("channels.md"), "run: sori channels --markdown"


def test_it_links_to_files_that_exist():
    missing = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                missing.append(f"{page.relative_to(ROOT)}: {target}")

    assert missing == []

"""Every kind of event that is written stands in the dictionary."""

import re
from pathlib import Path

import sori
from sori.journal.kinds import KINDS

SOURCE = Path(sori.__file__).parent
SUBJECTS = {kind.partition(".")[0] for kind in KINDS}
NO_EVENTS = {"permissions.py"}


def written() -> set[str]:
    """Everything in the program that looks like the name of an event."""
    names = re.compile(rf'"((?:{"|".join(sorted(SUBJECTS))})\.[a-z_]+)"')
    return {
        name
        for path in SOURCE.rglob("*.py")
        if path.name not in NO_EVENTS and "migrations" not in path.parts
        for name in names.findall(path.read_text(encoding="utf-8"))
        if path.name != "kinds.py"
    }


def test_it_knows_every_kind_that_is_written():
    assert written() - KINDS.keys() == set()


def test_it_knows_no_kind_that_nobody_writes():
    assert KINDS.keys() - written() == set()


def test_it_says_a_sentence_about_each():
    for kind, sentence in KINDS.items():
        assert sentence.endswith("."), kind
        assert len(kind) <= 48

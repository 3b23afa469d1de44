"""Read the lake's log: which commit added which rows."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import pyarrow.fs as pafs

FOLDER: Final = "_delta_log"
MARK: Final = "sori"
APPEND: Final = "append"
REFUSE: Final = "refuse"
FORGET: Final = "forget"
COMPACT: Final = "compact"
REDO: Final = "redo"
NOTES: Final = "sori.notes"


class Commit(NamedTuple):
    """One entry of the log.

    Attributes:
        version: its number.
        marked: what we called it when we wrote it, "" when somebody else did.
        added: data files it brought, each with its day.
        removed: data files it took away.
        source, sequence: which append it was, or kept out; 0 for anything else.
    """

    version: int
    marked: str
    added: Mapping[str, str]
    removed: frozenset[str]
    source: int
    sequence: int


def numbered(sequence: int) -> int:
    """The Delta transaction of an append.

    Every second number: the odd one after it says that the append was settled to stay out, so the
    table's state alone tells both apart, for as long as there is a table.
    """
    return 2 * sequence


def sequence_of(transaction: int) -> int:
    """The sequence that a Delta transaction is about, appended or refused."""
    return transaction // 2


def path_of(version: int) -> str:
    """The file of one commit."""
    return f"{FOLDER}/{version:020}.json"


def read(files: Any, version: int) -> Commit:
    """Read one commit.

    Raises:
        FileNotFoundError: when it was tidied away, or is not there yet.
    """
    with files.open_input_stream(path_of(version)) as stream:
        actions = [json.loads(line) for line in stream.read().splitlines()]
    marked, added, removed, source, sequence = "", {}, set(), 0, 0
    for action in actions:
        if info := action.get("commitInfo"):
            marked = info.get(MARK, "")
        elif add := action.get("add"):
            added[add["path"]] = add["partitionValues"]["day"]
        elif remove := action.get("remove"):
            removed.add(remove["path"])
        elif (transaction := action.get("txn")) and transaction["appId"].isdigit():
            source, sequence = int(transaction["appId"]), sequence_of(transaction["version"])
    return Commit(version, marked, added, frozenset(removed), source, sequence)


def notes(files: Any, application: str, number: int) -> dict[str, int]:
    """What was counted while a transaction of an application was made.

    Returns:
        What `Delta.commit` was given; nothing when its commit was tidied away.
    """
    for version in reversed(versions(files)):
        with files.open_input_stream(path_of(version)) as stream:
            actions = [json.loads(line) for line in stream.read().splitlines()]
        made = [one["txn"] for one in actions if "txn" in one]
        if any(one["appId"] == application and one["version"] == number for one in made):
            said = [
                one["commitInfo"][NOTES] for one in actions if NOTES in one.get("commitInfo", ())
            ]
            found: dict[str, int] = json.loads(said[0]) if said else {}
            return found
    return {}


def versions(files: Any) -> list[int]:
    """The commits that can still be read, oldest first."""
    entries = files.get_file_info(pafs.FileSelector(FOLDER, allow_not_found=True))
    names = (entry.base_name for entry in entries)
    return sorted(int(name[:20]) for name in names if _is_commit(name))


def torn(files: Any) -> str | None:
    """The newest commit, if a power cut left it empty or half written.

    A commit is named only once it is complete, so on a running system there is none like this;
    and nobody was ever told that it succeeded, because that waits for the disk.
    """
    known = versions(files)
    if not known:
        return None
    path = path_of(known[-1])
    with files.open_input_stream(path) as stream:
        lines = stream.read().splitlines()
    try:
        whole = bool(lines) and all(isinstance(json.loads(line), dict) for line in lines)
    except ValueError:
        whole = False
    return None if whole else path


def _is_commit(name: str) -> bool:
    return len(name) == 25 and name.endswith(".json") and name[:20].isdigit()

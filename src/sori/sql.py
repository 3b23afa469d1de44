"""Read the questions that stand in `.sql` files, each once a process."""

from functools import cache
from importlib.resources import files


@cache
def read_sql(room: str, name: str) -> str:
    """The text of `queries/NAME.sql` of a room.

    Args:
        room: "insight", "lake", ...
        name: which question.
    """
    return files(f"sori.{room}").joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")

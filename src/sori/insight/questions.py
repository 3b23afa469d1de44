"""Ask the lake a question that stands in a `.sql` file."""

from datetime import datetime
from typing import Any

from sori.lake import questions
from sori.lake.query import Reader


def ask(reader: Reader, name: str, *, since: datetime, **parameters: Any) -> list[dict[str, Any]]:
    """The rows that answer `queries/NAME.sql`; see `lake.questions`."""
    return questions.ask(reader, "insight", name, since=since, **parameters)

"""Cells of files for spreadsheets: what customers wrote is hostile, so no cell is a formula."""

from datetime import datetime
from typing import Any, Final

BOM: Final = "\ufeff"
"""Makes Excel read Korean."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> str:
    """A value as a cell of a CSV file that no spreadsheet takes for a formula.

    A text that begins like one gets an apostrophe in front, so that it is shown and not computed.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.4g}" if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    # a NUL ends a file for some readers
    text = text.replace("\0", "")
    return f"'{text}" if text.startswith(_FORMULA) else text

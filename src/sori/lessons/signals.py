"""Corrected labels, told to whoever stands above (the desk); lessons knows nobody above."""

from typing import Any

from django.dispatch import Signal

labelled = Signal()
"""Sent inside the transaction: `mention` and `values`, what its labels should read from now on."""


def tell(mention: str, values: dict[str, Any]) -> None:
    """Tell what a mention's labels should read; a listener that fails undoes the correction."""
    labelled.send(sender=None, mention=mention, values=values)

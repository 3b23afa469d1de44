"""What happens to people, told to whoever stands above and counts them."""

from django.dispatch import Signal

regrouped = Signal()
"""Sent inside the transaction in which people become one or two again: `people`, their ids."""

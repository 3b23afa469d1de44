"""What the desk takes up, told to rooms above; the desk itself knows nobody above."""

from django.dispatch import Signal

heard = Signal()
"""Sent inside the transaction that moves the bookmark: `rows`, mentions with the columns of
`receiving.COLUMNS`. Each is told again only if that transaction was undone; a listener that fails
undoes it."""

approving = Signal()
"""Sent inside the transaction that approves an answer, before anything is frozen: `incoming`, the
message that is answered. A listener may change where it leads (`reply_address`) and save that."""

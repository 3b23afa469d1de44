"""What the desk takes up, told to rooms above; the desk itself knows nobody above."""

from django.dispatch import Signal

heard = Signal()
"""Sent inside the transaction that moves the bookmark: `rows`, mentions with the columns of
`receiving.COLUMNS`. Each is told again only if that transaction was undone; a listener that fails
undoes it."""

settling = Signal()
"""Asked before somebody settles cases: `cases`, ids. A listener answers with the names of the
departments whose requests it would withdraw with them, one for each request."""

settled = Signal()
"""Sent inside the transaction that settles a case: `case`, its id, and `member`, None where a rule
or the customer did it. Sent of the case that goes on, never of one that becomes part of it; a
listener that fails undoes the settling."""

parted = Signal()
"""Sent inside the transaction that takes a case out of another one: `cases`, both, `since`, when
they were joined, and `member`."""

approving = Signal()
"""Sent inside the transaction that approves an answer, before anything is frozen: `incoming`, the
message that is answered. A listener may change where it leads (`reply_address`) and save that."""

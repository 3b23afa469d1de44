"""Everything that can go wrong in Sori, as one tree.

SoriError
├── ConfigurationError      what the operator wrote cannot work; says what to write instead
├── LanguageError           a listening rule that cannot be read; says where
├── ChannelError            a place where people talk did not do what we asked
│   └── ReplyError          ... while we were answering
│       ├── ReplyRejected   it was refused and always will be
│       └── ReplyNotAccepted  it provably did not arrive; trying again is safe
├── Refused                 what a member asked for cannot be done; the words are for them to read
│   └── SaidAlready         the same words went there moments ago; ask before saying them twice
├── LakeError               the lake could not be read or written
│   └── AlreadyAppended     this (source, sequence) is in the lake already
└── Stale                   somebody else was faster: a lease, a fence or a version has moved on

An error says what its caller needs: `permanent` (trying again is useless) and `retry_after`
(seconds to wait at least). An answer that fails with anything but ReplyRejected or
ReplyNotAccepted has an unknown outcome and is never sent again by a machine.
"""


class SoriError(Exception):
    """Something in Sori went wrong."""

    permanent: bool = False


class ConfigurationError(SoriError):
    """What the operator wrote cannot work."""

    permanent = True


class LanguageError(SoriError):
    """A listening rule cannot be read.

    Attributes:
        position: index of the character where reading stopped.
        expected: what would have been understood there, in words.
    """

    permanent = True

    def __init__(self, message: str, position: int, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.position = position
        self.expected = expected


class ChannelError(SoriError):
    """A place where people talk did not do what we asked.

    Args:
        message: what happened, in words an operator understands.
        permanent: whether the same call can never succeed (a wrong password, a deleted feed).
        retry_after: seconds the other side asked us to wait, if it did.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


class ReplyError(ChannelError):
    """An answer failed; unless it is one of the two below, nobody knows whether it arrived."""


class ReplyRejected(ReplyError):
    """The other side refused the answer and always will."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class ReplyNotAccepted(ReplyError):
    """The answer provably did not arrive: no connection, or refused before its body was read."""


class Refused(SoriError):
    """What a member asked for cannot be done as things stand; the message is for them to read."""


class SaidAlready(Refused):
    """The same words went to the same conversation moments ago; ask before saying them twice."""


class LakeError(SoriError):
    """The lake could not be read or written."""


class AlreadyAppended(LakeError):
    """This source's sequence is in the lake already."""


class Stale(SoriError):
    """Somebody else was faster: a lease, a fence or a version has moved on."""

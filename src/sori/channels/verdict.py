"""What an API means by its answer: heard, refused for good, later, or nobody knows."""

from collections.abc import Mapping
from typing import Any, Final

from sori.channels.calling import Answer
from sori.errors import ChannelError, ReplyError, ReplyNotAccepted, ReplyRejected

TOO_MUCH: Final = 429
TOO_SLOW: Final = 408
FOR_GOOD: Final = frozenset({400, 401, 403, 404, 410, 422})
"""Asking the same again is useless."""


def read(said: Answer, words: str, wait: float | None = None) -> Any:
    """What an answer to a question says, as JSON.

    Args:
        said: the answer.
        words: the refusal, should it be one.
        wait: seconds after which the API wants to be asked again.

    Raises:
        ChannelError: it refused; permanent where asking again is useless.
    """
    if 200 <= said.status < 300:
        return said.json()
    moved = 300 <= said.status < 400
    raise ChannelError(words, permanent=said.status in FOR_GOOD or moved, retry_after=wait)


def taken(said: Answer, words: str, wait: float | None = None) -> Mapping[str, Any]:
    """What an API says it made of something we said.

    Args:
        said: the answer.
        words: the refusal, should it be one.
        wait: seconds after which the API wants to be asked again.

    Raises:
        ReplyRejected: it was refused and always will be.
        ReplyNotAccepted: too much was said lately; it was not taken.
        ReplyError: nobody knows; a failing server may have taken it before it failed.
    """
    if said.status == TOO_MUCH:
        raise ReplyNotAccepted(words, retry_after=wait)
    if 300 <= said.status < 500 and said.status != TOO_SLOW:
        raise ReplyRejected(words)
    if not 200 <= said.status < 300:
        raise ReplyError(words)
    try:
        made = said.json()
    except ChannelError as error:
        raise ReplyError(str(error)) from error
    if not isinstance(made, dict):
        raise ReplyError("the answer does not say what was made of ours")
    return made

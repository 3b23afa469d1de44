"""What a channel puts aside because it is not as it should be, with what is wrong in words."""

import json
from typing import Any

from pydantic import ValidationError

from sori.channels.contract import Broken


def faults(error: ValidationError) -> str:
    """What is wrong, field by field, in a line; never the input itself: it may be a password."""
    told = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in told)


def unread(told: Any, error: ValidationError, name: object) -> Broken:
    """Put aside what was told in JSON and cannot be read.

    Args:
        told: to be read again once we have learned to.
        error: what is wrong with it.
        name: the channel's own name for it, where that is a text.
    """
    raw = json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Broken(raw, faults(error), name if isinstance(name, str) else None)

"""What a page says of the deed that led to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from sori.errors import Refused


@contextmanager
def doing(request: HttpRequest, done: str = "") -> Iterator[None]:
    """Do something for a member; why it was refused stands on the page that follows.

    Args:
        request: theirs.
        done: what stands there otherwise; "" for nothing.
    """
    try:
        yield
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if done:
            messages.success(request, done)

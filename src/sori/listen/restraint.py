"""Hold back an address that does a public thing too often, without keeping a list of addresses."""

from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_HOUR: Final = 3600


def too_often(request: HttpRequest, deed: str, most: int) -> bool:
    """Count one more of a deed from this address; whether there were enough of it already.

    Args:
        request: where it came from.
        deed: what is counted, "form" for example.
        most: so many are let through before there is an hour of rest.
    """
    address = request.META.get("REMOTE_ADDR", "")
    # a keyed hash: the cache is no list of who wrote to us
    salt = f"sori.listen.{deed}"
    key = f"{deed}:" + salted_hmac(salt, address, secret=settings.SECRET_KEY).hexdigest()
    count: int = cache.get_or_set(key, 0, timeout=_HOUR) or 0
    cache.set(key, count + 1, timeout=_HOUR)
    return count >= most

"""Hold back whoever does a public thing too often, without keeping a list of addresses."""

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
    return too_often_by(address_of(request), deed, most)


def too_often_by(name: str, deed: str, most: int, *, seconds: int = _HOUR) -> bool:
    """The same for anybody who has a name, and for any time of rest."""
    # a keyed hash: the cache is no list of who wrote to us
    salt = f"sori.listen.{deed}"
    key = f"{deed}:" + salted_hmac(salt, name, secret=settings.SECRET_KEY).hexdigest()
    count: int = cache.get_or_set(key, 0, timeout=seconds) or 0
    cache.set(key, count + 1, timeout=seconds)
    return count >= most


def address_of(request: HttpRequest) -> str:
    """Where a request came from; behind proxies of ours, what the outermost of them saw.

    What is written before that in X-Forwarded-For anybody may have written.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return told[-proxies] if 0 < proxies <= len(told) and told[-proxies] else address

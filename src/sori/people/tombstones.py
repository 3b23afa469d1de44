"""What remains of an account that was forgotten: a number nobody can turn back into a name.

The number is an HMAC of channel and account with a key that is made of the installation's own
(`SORI_VAULT_KEY`) and is in no database, so a stolen table tells nothing and cannot be tried
against a list of addresses. What a forgotten account says from then on is dropped at the door.
"""

import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from sori.database import CHUNK, chunks
from sori.errors import ConfigurationError
from sori.people.models import Tombstone
from sori.people.services import handle_of

Account = tuple[str, str]
"""Channel and account, as the channel writes them."""


def bury(accounts: Iterable[Account]) -> None:
    """Remember accounts as forgotten; to be called in the transaction that begins to erase them."""
    key, now = _keys()[0], timezone.now()
    rows = [Tombstone(digest=_digest(key, account), at=now) for account in sorted(set(accounts))]
    Tombstone.objects.bulk_create(rows, ignore_conflicts=True, batch_size=CHUNK)


def buried(accounts: Iterable[Account]) -> set[Account]:
    """Which of these accounts were forgotten; costs one look where nobody ever was."""
    if not Tombstone.objects.exists():
        return set()
    wanted = set(accounts)
    by_digest = {_digest(key, one): one for key in _keys() for one in wanted}
    digests = list(by_digest)
    found: set[Account] = set()
    for piece in chunks(digests):
        there = Tombstone.objects.filter(digest__in=piece)
        found |= {by_digest[digest] for digest in there.values_list("digest", flat=True)}
    return found


def _digest(key: bytes, account: Account) -> str:
    channel, name = account
    said = f"{channel}\0{handle_of(name)}".encode("utf-8", "surrogatepass")
    return hmac.new(key, said, sha256).hexdigest()


def _keys() -> Sequence[bytes]:
    """The keys of the installation, the newest first; old ones still know what they buried."""
    written = [part.strip() for part in settings.VAULT_KEY.split(",") if part.strip()]
    if not written:
        raise ConfigurationError("SORI_VAULT_KEY is empty; write a long random text")
    return [sha256(b"sori tombstones\0" + part.encode()).digest() for part in written]

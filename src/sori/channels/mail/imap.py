"""The connection mails come by: IMAP, read without leaving a trace."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

import structlog

from sori.channels.mail.reading import Letter
from sori.channels.mail.settings import EmailSettings
from sori.errors import ChannelError

logger = structlog.get_logger(__name__)

MOST_AT_ONCE: Final = 100
BYTES_AT_ONCE: Final = 16_000_000
SIZES_AT_ONCE: Final = 500
NOOP_SECONDS: Final = 20.0
LONGEST_IDLE: Final = 1_500.0  # RFC 2177: start again at least every 29 minutes

UID: Final = re.compile(rb"\bUID (\d+)")
SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d+)")
DATE: Final = re.compile(rb'\bINTERNALDATE "([^"]+)"')
MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
SENT_NAMES: Final = (
    *("sent", "sent messages", "sent items", "sent mail", "inbox.sent", "[gmail]/sent mail"),
    *("보낸메일함", "보낸 메일함", "보낸편지함", "보낸 편지함", "[gmail]/보낸편지함"),
)


class Found(NamedTuple):
    """What the server says about a mail before it is fetched."""

    uid: int
    size: int
    received_at: datetime | None


@contextmanager
def connected(account: EmailSettings) -> Iterator[Any]:
    """An open, signed-in mailbox; no folder is selected.

    Raises:
        ChannelError: permanent when the server does not take the password.
    """
    from imap_tools.errors import ImapToolsError, MailboxLoginError

    try:
        with _mailbox(account) as box:
            yield box
    except MailboxLoginError as error:
        temporary = "UNAVAILABLE" in str(error) or "INUSE" in str(error)
        raise ChannelError(
            f"{account.imap_host} does not accept the user name and password",
            permanent=not temporary,
        ) from error
    except ssl.SSLError as error:
        raise ChannelError(f"no safe connection to {account.imap_host}: {error}") from error
    except (OSError, EOFError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise ChannelError(f"{account.imap_host} could not be read: {error}") from error


@contextmanager
def _mailbox(account: EmailSettings) -> Iterator[Any]:
    import imap_tools

    context = ssl.create_default_context()
    place = {"host": account.imap_host, "port": account.imap_port, "timeout": account.timeout}
    if account.imap_security == "none":
        box: Any = imap_tools.MailBoxUnencrypted(**place)
    elif account.imap_security == "starttls":
        box = imap_tools.MailBoxStartTls(**place, ssl_context=context)
    else:
        box = imap_tools.MailBox(**place, ssl_context=context)
    try:
        password = account.password.get_secret_value()
        enter = box.login if (account.username + password).isascii() else box.login_utf8
        enter(account.username, password, initial_folder=None)
        yield box
    finally:
        _leave(box)


def _leave(box: Any) -> None:
    try:
        box.client.logout()
    except (OSError, EOFError, imaplib.IMAP4.error) as error:
        logger.debug("mail.logout_failed", error=str(error))


def look_into(box: Any, folder: str) -> tuple[int, int]:
    """Open a folder for reading only.

    Returns:
        Its UIDVALIDITY and the number the next mail will get (0 when the server does not say).
    """
    from imap_tools.errors import MailboxFolderSelectError

    try:
        box.folder.set(folder, readonly=True)
    except MailboxFolderSelectError as error:
        raise ChannelError(f"there is no folder {folder!r}", permanent=True) from error
    return _number(box.client.response("UIDVALIDITY")), _number(box.client.response("UIDNEXT"))


def _number(response: tuple[str, Sequence[Any]]) -> int:
    value = response[1][0] if response[1] else None
    return int(value) if value and bytes(value).isdigit() else 0


def after(box: Any, uid: int) -> list[int]:
    """The numbers of the mails after this one, in order."""
    # "n:*" always brings the last mail, even when its number is lower
    return sorted(each for each in _search(box, f"UID {uid + 1}:*") if each > uid)


def since(box: Any, day: date) -> list[int]:
    """The numbers of the mails that arrived on a day or later, in order."""
    return sorted(_search(box, f"SINCE {day.day}-{MONTHS[day.month - 1]}-{day.year}"))


def _search(box: Any, criteria: str) -> list[int]:
    status, data = box.client.uid("SEARCH", criteria)
    if status != "OK":
        raise ChannelError(f"the mail server does not search for {criteria}: {data!r}"[:300])
    return [int(number) for number in b" ".join(filter(None, data)).split()]


def batches(box: Any, uids: Sequence[int], limit: int) -> Iterator[list[Found]]:
    """What to fetch together: some dozen mails and some megabytes at a time.

    Args:
        box: with its folder open.
        uids: in order.
        limit: bytes fetched of one mail at most.
    """
    batch: list[Found] = []
    weight = 0
    for start in range(0, len(uids), SIZES_AT_ONCE):
        for found in _sizes(box, uids[start : start + SIZES_AT_ONCE]):
            cost = min(found.size, limit)
            if batch and (len(batch) >= MOST_AT_ONCE or weight + cost > BYTES_AT_ONCE):
                yield batch
                batch, weight = [], 0
            batch.append(found)
            weight += cost
    if batch:
        yield batch


def _sizes(box: Any, uids: Sequence[int]) -> list[Found]:
    """Size and time of arrival; a mail deleted in between is left out."""
    wanted = ",".join(map(str, uids))
    status, data = box.client.uid("FETCH", wanted, "(UID RFC822.SIZE INTERNALDATE)")
    if status != "OK":
        raise ChannelError(f"the mail server does not list its mails: {data!r}"[:300])
    found = {}
    for line in data:
        words = b" ".join(line) if isinstance(line, tuple) else line or b""
        uid, size = UID.search(words), SIZE.search(words)
        if uid and size:
            found[int(uid[1])] = Found(int(uid[1]), int(size[1]), _moment(words))
    return [found[uid] for uid in uids if uid in found]


def _moment(words: bytes) -> datetime | None:
    date = DATE.search(words)
    if not date:
        return None
    try:
        moment = datetime.strptime(date[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z")
    except ValueError:
        return None
    return moment.astimezone(UTC)


def letters(
    box: Any, batch: Sequence[Found], folder: str, validity: int, limit: int
) -> Iterator[Letter | tuple[Found, str]]:
    """Fetch mails without marking them as read.

    Yields:
        A letter; or, for one that the server cannot hand out, what is known of it and why.
    """
    try:
        bodies = _bodies(box, [each.uid for each in batch], limit)
    except _Refused as refused:
        if len(batch) == 1:
            yield batch[0], str(refused)
            return
        for each in batch:  # one rotten mail must not keep back its neighbours
            yield from letters(box, [each], folder, validity, limit)
        return
    for each in batch:
        if (raw := bodies.get(each.uid)) is not None:
            size = max(each.size, len(raw)) if len(raw) >= limit else len(raw)
            yield Letter(raw, each.received_at, folder, validity, each.uid, size)


class _Refused(Exception):
    pass


def _bodies(box: Any, uids: Sequence[int], limit: int) -> dict[int, bytes]:
    wanted = ",".join(map(str, uids))
    try:
        status, data = box.client.uid("FETCH", wanted, f"(UID BODY.PEEK[]<0.{limit}>)")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise _Refused(f"the mail server does not hand it out: {error}") from error
    if status != "OK":
        raise _Refused(f"the mail server does not hand it out: {data!r}"[:300])
    found: dict[int, bytes] = {}
    for at, piece in enumerate(data):
        if not isinstance(piece, tuple):
            continue
        rest = data[at + 1] if at + 1 < len(data) and isinstance(data[at + 1], bytes) else b""
        if uid := UID.search(piece[0]) or UID.search(rest):
            found[int(uid[1])] = piece[1]
    return found


def wait(
    account: EmailSettings, seconds: float, *, seen: tuple[int | None, int | None] = (None, None)
) -> bool:
    """Block until the folder changes (True) or the time is over (False).

    Args:
        account: the mailbox.
        seconds: how long at most.
        seen: UIDVALIDITY and the last number that was read: a mail that came after it, while
            nobody was waiting, is news already.
    """
    with connected(account) as box:
        validity, _following = look_into(box, account.folder)
        if validity == seen[0] and seen[1] is not None and after(box, seen[1]):
            return True
        able = "IDLE" in box.client.capabilities
        before = _number(box.client.response("EXISTS"))
        ends = datetime.now(UTC) + timedelta(seconds=seconds)
        while (left := (ends - datetime.now(UTC)).total_seconds()) > 0:
            if able:
                news = box.idle.wait(timeout=min(left, LONGEST_IDLE))
                if any(b" EXISTS" in line or b" RECENT" in line for line in news):
                    return True
            elif _changed(box, before, min(left, NOOP_SECONDS)):
                return True
    return False


def _changed(box: Any, before: int, seconds: float) -> bool:
    """Ask a server that cannot call us whether there is more than before."""
    import time

    time.sleep(seconds)
    box.client.noop()
    return _number(box.client.response("EXISTS")) not in {0, before}


def sent_folder(box: Any, chosen: str) -> str | None:
    """The folder of sent mail: as chosen, as marked by the server, or by its usual names."""
    if chosen:
        return chosen
    folders = list(box.folder.list())
    for folder in folders:
        if any(flag.lower() == "\\sent" for flag in folder.flags):
            return str(folder.name)
    usual = {folder.name.lower(): folder.name for folder in folders}
    return next((str(usual[name]) for name in SENT_NAMES if name in usual), None)


def arrived(box: Any, folder: str, message_id: str) -> datetime | None:
    """When a mail with this Message-ID was put into a folder; None when it is not there."""
    look_into(box, folder)
    uids = _search(box, f'HEADER Message-ID "{message_id}"')
    if not uids:
        return None
    found = _sizes(box, uids[:1])
    return (found[0].received_at if found else None) or datetime.now(UTC)


def file_copy(box: Any, folder: str, raw: bytes) -> None:
    """Put a copy of a sent mail into a folder, marked as read, unless it is there already.

    Raises:
        ChannelError: when the server does not take it.
    """
    import imap_tools

    if not box.append(raw, folder, flag_set=[imap_tools.MailMessageFlags.SEEN])[0] == "OK":
        raise ChannelError(f"the copy could not be filed in {folder!r}")

"""Mail: read by IMAP without leaving a trace, answered by SMTP with an outcome to rely on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Final

import structlog
from pydantic import BaseModel

from sori import mention
from sori.channels.contract import Address, Broken, Facts, Json, Listener, Page, Sent, Writer
from sori.channels.mail import imap, reading, signature, submission, threads, writing
from sori.channels.mail.settings import EmailSettings
from sori.errors import ChannelError, ReplyRejected

logger = structlog.get_logger(__name__)

FILING_SECONDS: Final = 15.0


class Email:
    """A mailbox: its mails are read by IMAP and answered by SMTP.

    One source reads one folder. The cursor is `{"uidvalidity", "uid", "day"}`: the last mail that
    was read and the day it arrived. Whether a mail is marked as read plays no part, and nothing is
    ever marked. When the server numbers its mails anew (UIDVALIDITY), what arrived since that day
    is listed again; mails are named by their bytes, so those already heard are recognised.
    """

    name: ClassVar[str] = "email"
    Settings: ClassVar[type[BaseModel]] = EmailSettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = True
    facts: ClassVar[Facts] = Facts(
        history="Mails of the last days, as many days as you choose.",
        attachments=True,
        limits="Up to 25 MB a mail.",
    )

    def fetch(self, settings: EmailSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring the mails that arrived after the cursor, a few dozen a page.

        Raises:
            ChannelError: permanent when the password or the folder is wrong.
        """
        place: dict[str, Any] = dict(cursor) if isinstance(cursor, dict) else {}
        with imap.connected(settings) as box:
            validity, following = imap.look_into(box, settings.folder)
            if place.get("uidvalidity") == validity:
                uids = imap.after(box, int(place["uid"]))
            else:
                uids = _listed(box, settings, place, listener)
                today = place.get("day") or listener.now.date().isoformat()
                place = {"uidvalidity": validity, "uid": max(0, following - 1), "day": today}
            limit = settings.max_megabytes * 1_000_000
            for batch in imap.batches(box, uids, limit):
                arrived = [each.received_at for each in batch if each.received_at]
                place = {
                    "uidvalidity": validity,
                    "uid": batch[-1].uid,
                    "day": max(arrived).date().isoformat() if arrived else place["day"],
                }
                letters = imap.letters(box, batch, settings.folder, validity, limit)
                yield _page(letters, settings, dict(place), listener)
            if not uids and place != cursor:
                yield Page(mention.heard([]), dict(place))

    def reread(self, settings: EmailSettings, raw: bytes, listener: Listener) -> Page:
        """Read one mail from quarantine again."""
        letter = reading.Letter(raw, None, settings.folder, 0, 0, len(raw))
        return _page(iter([letter]), settings, None, listener)

    def wait(self, settings: EmailSettings, cursor: Json, seconds: float) -> bool:
        """Block until there is a mail after the cursor (True) or the time is over (False)."""
        place: dict[str, Any] = dict(cursor) if isinstance(cursor, dict) else {}
        return imap.wait(settings, seconds, seen=(place.get("uidvalidity"), place.get("uid")))

    def reply(self, settings: EmailSettings, to: Address, text: str, key: str) -> Sent:
        """Send an answer to exactly one person.

        Once the server has taken it, it is sent, whatever happens to the copy for the folder of
        sent mail: that is reported in the log.
        """
        return self._send(settings, to, text, key, None)

    def reply_signed(
        self, settings: EmailSettings, to: Address, text: str, key: str, writer: Writer
    ) -> Sent:
        """The same, signed by whoever wrote it, unless this mailbox signs nothing."""
        return self._send(settings, to, text, key, writer if settings.sign else None)

    def preview(
        self,
        settings: EmailSettings,
        to: Address,  # noqa: ARG002
        text: str,
        writer: Writer | None,
    ) -> str:
        """The words, and who signs them."""
        return signature.in_words(text, writer) if writer and settings.sign else text

    def _send(
        self, settings: EmailSettings, to: Address, text: str, key: str, writer: Writer | None
    ) -> Sent:
        if not settings.smtp_host:
            raise ReplyRejected("this mailbox has no outgoing server")
        now = datetime.now(UTC)
        try:
            mail = writing.written(
                to=to.to,
                text=text,
                key=key,
                sender=(settings.display_name, settings.address),
                signer=_signer(settings),
                plus=settings.reply_key,
                at=now,
                writer=writer,
            )
        except (ValueError, KeyError) as error:
            raise ReplyRejected(f"there is not one address to answer to: {error}") from error
        told = submission.submit(
            settings, sender=settings.address, recipient=mail.recipient, raw=mail.raw
        )
        logger.info("mail.sent", message_id=mail.message_id, server=told)
        if settings.file_sent:
            _file(settings, mail)
        return Sent(mail.message_id, now)

    def find(self, settings: EmailSettings, to: Address, key: str) -> Sent | None:
        """Look for the answer in the folder of sent mail and in the one that is read.

        Raises:
            ChannelError: when the mailbox cannot be looked into.
        """
        message_id = writing.name_of(_signer(settings), to.to, key, settings.address)
        with imap.connected(settings) as box:
            sent = imap.sent_folder(box, settings.sent_folder)
            for folder in filter(None, (sent, settings.folder)):
                if at := imap.arrived(box, folder, message_id):
                    return Sent(message_id, at)
        return None


def _listed(
    box: Any, settings: EmailSettings, place: dict[str, Any], listener: Listener
) -> list[int]:
    """What to read where no number can be trusted: everything since the last day we know."""
    if place.get("day"):
        return imap.since(box, date.fromisoformat(place["day"]) - timedelta(days=1))
    if not settings.history_days:
        return []
    return imap.since(box, listener.now.date() - timedelta(days=settings.history_days))


def _page(
    letters: Iterator[reading.Letter | tuple[imap.Found, str]],
    settings: EmailSettings,
    cursor: Json,
    listener: Listener,
) -> Page:
    rows: list[dict[str, Any]] = []
    broken: list[Broken] = []
    files: dict[str, bytes] = {}
    box = _mailbox(settings)
    for letter in letters:
        if not isinstance(letter, reading.Letter):
            found, reason = letter
            broken.append(Broken(b"", reason, f"{box.name};{found.uid}"))
            continue
        try:
            read = reading.read(letter, box, listener)
        except reading.PARSE_ERRORS as error:
            reason = str(error) or type(error).__name__
            broken.append(Broken(letter.raw, reason, reading.name_of(letter, box)))
            continue
        if read.row is None:
            logger.info("mail.own_answer_passed_over", folder=letter.folder, uid=letter.uid)
            continue
        rows.append(read.row)
        files |= read.files
    return Page(mention.heard(rows), cursor, broken, files)


def _mailbox(settings: EmailSettings) -> reading.Mailbox:
    return reading.Mailbox(
        name=f"{settings.username}@{settings.imap_host}/{settings.folder}".lower(),
        address=settings.address,
        signer=_signer(settings),
        trusted=settings.trusted_server,
        answers=bool(settings.smtp_host),
    )


def _signer(settings: EmailSettings) -> threads.Signer:
    return threads.Signer(settings.signing_secret.get_secret_value())


def _file(settings: EmailSettings, mail: writing.Envelope) -> None:
    """Put a copy where sent mail lies; a failure is told, and changes nothing."""
    patient = settings.model_copy(update={"timeout": min(FILING_SECONDS, settings.timeout)})
    try:
        with imap.connected(patient) as box:
            folder = imap.sent_folder(box, settings.sent_folder)
            if folder and not imap.arrived(box, folder, mail.message_id):
                imap.file_copy(box, folder, mail.raw)
    except ChannelError as error:
        logger.warning("mail.copy_not_filed", message_id=mail.message_id, error=str(error))

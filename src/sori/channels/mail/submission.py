"""The connection answers go by: SMTP, with an outcome that can be trusted.

The message counts as handed over from the moment its body begins to flow. A refusal before that,
or a clear refusal after it, proves that it did not arrive; silence after it proves nothing.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from sori.channels.mail.addresses import checked
from sori.channels.mail.settings import EmailSettings
from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected

logger = structlog.get_logger(__name__)

LEADING_DOT: Final = re.compile(rb"(?m)^\.")
GO_AHEAD: Final = 354


def submit(account: EmailSettings, *, sender: str, recipient: str, raw: bytes) -> str:
    """Hand one mail for one recipient to the outgoing server.

    Args:
        account: where and as whom.
        sender: the address bounces go to.
        recipient: exactly one address.
        raw: the mail, with CRLF line ends.

    Returns:
        What the server said when it took the mail.

    Raises:
        ReplyRejected: a permanent refusal of sender, recipient or mail.
        ReplyNotAccepted: anything else that went wrong before the body began, or a temporary
            refusal after it.
        ReplyError: the connection broke or fell silent after the body began.
    """
    with _connected(account) as smtp:
        options = _options(smtp, sender, recipient)
        try:
            _envelope(smtp, sender, recipient, options)
        except (OSError, smtplib.SMTPException) as error:
            raise ReplyNotAccepted(
                f"the connection broke before the mail began: {error}"
            ) from error
        return _body(smtp, raw)


@contextmanager
def _connected(account: EmailSettings) -> Iterator[smtplib.SMTP]:
    smtp = _reached(account)
    try:
        yield smtp
    finally:
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException) as error:  # whatever it says now changes nothing
            logger.debug("mail.quit_failed", error=str(error))
            smtp.close()


def _reached(account: EmailSettings) -> smtplib.SMTP:
    host, port, seconds = account.smtp_host, account.smtp_port, account.timeout
    context = ssl.create_default_context()
    smtp: smtplib.SMTP | None = None
    try:
        if account.smtp_security == "ssl":
            smtp = smtplib.SMTP_SSL(host, port, timeout=seconds, context=context)
        else:
            smtp = smtplib.SMTP(host, port, timeout=seconds)
        if account.smtp_security == "starttls":
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        user = account.smtp_username or account.username
        password = account.smtp_password.get_secret_value() or account.password.get_secret_value()
        if user and password and smtp.has_extn("auth"):
            smtp.login(user, password)
    except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
        if smtp is not None:
            smtp.close()
        raise ReplyNotAccepted(f"{host} did not let us in: {_told(error)}") from error
    return smtp


def _told(error: Exception) -> str:
    """What happened, without the words of an authentication, which may hold the user name."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{error.smtp_code}, user name or password"
    return str(error) or type(error).__name__


def _options(smtp: smtplib.SMTP, sender: str, recipient: str) -> list[str]:
    for address in (sender, recipient):
        try:
            checked(address)
        except ValueError as error:
            raise ReplyRejected(f"{address!r} is not one mail address") from error
    if (sender + recipient).isascii():
        return []
    if not smtp.has_extn("smtputf8"):
        raise ReplyRejected(f"the mail server cannot write to {recipient}")
    return ["SMTPUTF8"]


def _envelope(smtp: smtplib.SMTP, sender: str, recipient: str, options: list[str]) -> None:
    """Everything up to the server's "go ahead"."""
    if options:
        smtp.command_encoding = "utf-8"
    refusable = ((smtp.mail, (sender, options), "sender"), (smtp.rcpt, (recipient,), "recipient"))
    for say, words, what in refusable:
        code, told = say(*words)
        if 500 <= code <= 599:
            raise ReplyRejected(f"the {what} was refused: {code} {_plain(told)}")
        if not 200 <= code <= 299:
            raise ReplyNotAccepted(f"the {what} was not taken now: {code} {_plain(told)}")
    code, told = smtp.docmd("DATA")
    if code != GO_AHEAD:
        raise ReplyNotAccepted(f"the mail was not taken: {code} {_plain(told)}")


def _body(smtp: smtplib.SMTP, raw: bytes) -> str:
    try:
        smtp.send(LEADING_DOT.sub(b"..", raw).removesuffix(b"\r\n") + b"\r\n.\r\n")
        code, told = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise ReplyError(f"the connection broke after the mail began: {error}") from error
    if 200 <= code <= 299:
        return f"{code} {_plain(told)}"
    if 400 <= code <= 499:
        raise ReplyNotAccepted(f"the mail was not taken now: {code} {_plain(told)}")
    if 500 <= code <= 599:
        raise ReplyRejected(f"the mail was refused: {code} {_plain(told)}")
    raise ReplyError(f"the server answered with something that is no answer: {code}")


def _plain(told: bytes) -> str:
    return " ".join(told.decode("utf-8", "replace").split())[:300]

"""Hand a mail of the site's own to its mail server, and say truly what became of it."""

import smtplib
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected

_CONSOLE: Final = "django.core.mail.backends.console.EmailBackend"


def site() -> str:
    """Where this site is, as mails and messengers must write it."""
    return settings.SITE_URL or "http://localhost:8000"


def mail_works() -> bool:
    """Whether this site can send mail at all; without a server it only writes to the console."""
    backend: str = settings.EMAIL_BACKEND
    return backend != _CONSOLE


def send(mail: EmailMessage) -> None:
    """Send one mail.

    Raises:
        ReplyRejected: the mail server refuses and always will.
        ReplyNotAccepted: the mail provably did not go out.
        ReplyError: nobody knows whether it did.
    """
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise ReplyNotAccepted(f"the mail server cannot be reached: {error}") from error
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(_worst(error.recipients), str(error)) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, str(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ReplyError(f"the mail server fell silent: {error}") from error
    finally:
        connection.close()


def _refusal(code: int, words: str) -> ReplyError:
    """The server said no: for good (5xx), or for now."""
    said = f"the mail server refuses: {words}"
    return ReplyRejected(said) if code >= 500 else ReplyNotAccepted(said)


def _worst(refused: Mapping[str, Any]) -> int:
    return max(int(code) for code, _words in refused.values())

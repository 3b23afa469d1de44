"""Customers' letters, and what customers find in their own mailboxes."""

import imaplib
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

from peers.mail_server import PASSWORD, MailServer

CUSTOMER = "haeun@example.test"
HELP = "help@example.test"


def letter(subject: str, text: str, *, charset: str = "utf-8", number: int = 1) -> bytes:
    """A mail from the customer, in the charset their program likes."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = f"김하은 <{CUSTOMER}>"
    mail["To"] = HELP
    mail["Subject"] = subject
    mail["Message-ID"] = f"<letter-{number}@example.test>"
    mail["Date"] = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    mail.set_content(text, charset=charset)
    return mail.as_bytes()


def received(server: MailServer, *, patience: float = 40, who: str = CUSTOMER) -> EmailMessage:
    """The newest mail in a mailbox, the customer's unless told, as soon as there is one."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with imaplib.IMAP4("127.0.0.1", server.imap_port) as box:
            box.login(who, PASSWORD)
            box.select("INBOX", readonly=True)
            _status, found = box.search(None, "ALL")
            if numbers := found[0].split():
                _status, parts = box.fetch(numbers[-1].decode(), "(RFC822)")
                raw = parts[0][1]  # type: ignore[index]
                mail = message_from_bytes(raw, policy=policy.default)  # type: ignore[arg-type]
                assert isinstance(mail, EmailMessage)
                return mail
        time.sleep(0.3)
    raise AssertionError("no answer reached the customer")

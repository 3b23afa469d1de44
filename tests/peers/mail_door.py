"""A mail server that takes mail and keeps it, and refuses when it is told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from pytest_django import Settings

from peers.mail_server import free_ports


class MailDoor:
    """What arrived, and what is answered to the next ones ("" takes them)."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.says = ""

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.says and not self.says.startswith("data "):
            return self.says
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.says:
            return self.says.removeprefix("data ")
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def opened(settings: Settings) -> Iterator[MailDoor]:
    """The site sends its mail here."""
    door = MailDoor()
    (port,) = free_ports(1)
    controller = Controller(door, hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        yield door
    finally:
        controller.stop()

# ruff: noqa: E501  (the mails stand here as their servers write them)
"""Mails that mail servers send when they could not deliver one, written here in their manners."""

import base64
from collections.abc import Callable
from typing import Final

from peers.mails import mail

Bounce = Callable[[str], bytes]
"""Makes a bounce of the mail with this Message-ID."""

REPORT: Final = 'multipart/report; report-type=delivery-status; boundary="b"'


def dsn(
    message_id: str,
    action: str = "failed",
    status: str = "5.1.1",
    *,
    said: str = "smtp; 550 5.1.1 no such user",
    returned: str = "text/rfc822-headers",
    words: str = "It did not arrive.",
    **headers: str,
) -> bytes:
    """As RFC 3464 has it."""
    body = (
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.x.test\r\n\r\n"
        f"Final-Recipient: rfc822; kim@example.test\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {said}\r\n\r\n"
        f"--b\r\nContent-Type: {returned}\r\n\r\nFrom: help@shop.test\r\nMessage-ID: {message_id}\r\n"
        "References: <m1@example.test>\r\nSubject: Re: x\r\n\r\n--b--\r\n"
    ).encode()
    named = {"From": "MAILER-DAEMON@x.test", "Subject": "Undelivered Mail Returned to Sender"}
    return mail(body, **{**named, "Content_Type": REPORT, **headers})


def _letter(body: str, **headers: str) -> bytes:
    return mail(body, **headers)


def _packed(body: str, kind: str, **headers: str) -> bytes:
    return mail(
        base64.encodebytes(body.encode()),
        Content_Type=f"{kind}; charset=utf-8",
        Content_Transfer_Encoding="base64",
        **headers,
    )


def _mixed(message_id: str) -> bytes:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n"
        "kim@example.test: 552 5.2.2 mailbox is full\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: help@shop.test\r\n"
        f"Message-ID: {message_id}\r\nIn-Reply-To: <m1@example.test>\r\n\r\nhi\r\n--b--\r\n"
    ).encode()
    return mail(
        body,
        From="postmaster@exchange.test",
        Subject="Undeliverable: Re: x",
        Content_Type='multipart/mixed; boundary="b"',
    )


FAILED: Final[dict[str, tuple[Bounce, str, bool]]] = {
    "rfc 3464": (dsn, "5.1.1", True),
    "rfc 3464, whole mail": (lambda mid: dsn(mid, returned="message/rfc822"), "5.1.1", True),
    "mailbox full": (
        lambda mid: dsn(mid, status="5.2.2", said="smtp; 552 5.2.2 mailbox full"),
        "5.2.2",
        False,
    ),
    "given up": (lambda mid: dsn(mid, status="4.4.7 (timed out)"), "4.4.7", False),
    "no action": (lambda mid: dsn(mid, action=""), "5.1.1", True),
    "exchange": (
        lambda mid: dsn(
            mid,
            status="5.1.10",
            said="smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound",
            returned="message/rfc822",
            From="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.test>",
            Subject="배달되지 않음: Re: 배송",
        ),
        "5.1.10",
        True,
    ),
    "gmail": (
        lambda mid: dsn(
            mid,
            From="Mail Delivery Subsystem <mailer-daemon@googlemail.test>",
            X_Failed_Recipients="kim@example.test",
            Subject="Delivery Status Notification (Failure)",
            Auto_Submitted="auto-replied",
        ),
        "5.1.1",
        True,
    ),
    "exim": (
        lambda mid: _letter(
            "A message that you sent could not be delivered:\n\n  kim@example.test\n"
            "    host mx.x.test [192.0.2.1]: 550 5.1.1 <kim@example.test>: user unknown\n\n"
            f"------ This is a copy of your message. ------\n\nMessage-ID: {mid}\nFrom: help@shop.test\n\nhi\n",
            From="Mail Delivery System <Mailer-Daemon@x.test>",
            Subject="Mail delivery failed: returning message to sender",
            X_Failed_Recipients="kim@example.test",
        ),
        "5.1.1",
        True,
    ),
    "qmail": (
        lambda mid: _letter(
            "Hi. This is the program at x.test.\n\n<kim@example.test>:\nSorry, no such user here.\n\n"
            f"--- Below this line is a copy of the message.\n\nReturn-Path: <help@shop.test>\nMessage-ID:\n {mid}\n",
            From="MAILER-DAEMON@x.test",
            Subject="failure notice",
        ),
        "5.1.1",
        True,
    ),
    "naver": (
        lambda mid: _packed(
            "<html><body><p>메일 발송이 실패했습니다.</p><p>받는 사람: kim@example.test</p>"
            "<p>사유: 존재하지 않는 계정입니다.</p>"
            f"<p>Message-ID: {mid.replace('<', '&lt;').replace('>', '&gt;')}</p></body></html>",
            "text/html",
            From="postmaster@naver.test",
            Subject="[발송실패 안내] 메일이 전송되지 못했습니다",
        ),
        "5.1.1",
        True,
    ),
    "daum": (
        lambda mid: _packed(
            f"보내신 메일이 반송되었습니다.\n\n수신자의 용량이 초과되었습니다.\n\n메일 번호 {mid}\n",
            "text/plain",
            From="MAILER-DAEMON@daum.test",
            Subject="[반송] Re: 배송 문의",
        ),
        "5.2.2",
        False,
    ),
    "exchange, old": (_mixed, "5.2.2", False),
    "nobody wrote it": (
        lambda mid: _letter(
            f"554 5.7.1 refused by policy\n\nMessage-ID: {mid}\n",
            From="system@x.test",
            Subject="Delivery failed",
            Return_Path="<>",
        ),
        "5.7.1",
        False,
    ),
}
"""By server: a bounce, the status it tells, and whether that lasts."""

DELAYED: Final[dict[str, Bounce]] = {
    "rfc 3464": lambda mid: dsn(mid, "delayed", "4.4.1", said="smtp; 451 4.4.1 no answer"),
    "gmail": lambda mid: dsn(
        mid, "delayed", "4.4.2", Subject="Delivery Status Notification (Delay)"
    ),
    "exim": lambda mid: _letter(
        f"A message has not been delivered after 24 hours.\n\nMessage-ID: {mid}\n\nNo action is required.",
        From="Mailer-Daemon@x.test",
        Subject="Warning: message 1abc delayed 24 hours",
    ),
    "korean": lambda mid: _packed(
        f"메일이 아직 전달되지 않아 계속 시도하고 있습니다.\nMessage-ID: {mid}\n",
        "text/plain",
        From="postmaster@x.test",
        Subject="[지연 안내] 메일 전달이 늦어지고 있습니다",
    ),
}


def read_receipt(message_id: str) -> bytes:
    """A report as well, but a happy one."""
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nIt was read.\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; k@x.test\r\n"
        f"Original-Message-ID: {message_id}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n--b--\r\n"
    ).encode()
    kind = 'multipart/report; report-type=disposition-notification; boundary="b"'
    return mail(body, Subject="읽음: Re: 배송", Content_Type=kind)

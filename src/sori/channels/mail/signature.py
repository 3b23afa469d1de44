"""Who wrote a mail, under its text: name and line in words, and beside them their face."""

from email.message import EmailMessage, MIMEPart
from html import escape
from typing import Final

from sori.channels.contract import Writer

MARK: Final = "-- "
"""The line before a signature, by RFC 3676 section 4.3; mail programs leave what follows out of
quotes."""

FACE: Final = "face@sori.invalid"


def in_words(text: str, writer: Writer) -> str:
    """The text with the signature under it."""
    lines = filter(None, (_one_line(writer.name), _one_line(writer.about)))
    return "\n".join((text.rstrip(), "", MARK, *lines, ""))


def add_face(mail: EmailMessage, text: str, writer: Writer) -> None:
    """Let a mail show the same as a page, with the face; the plain text stays the first choice of
    whoever wants it."""
    mail.add_alternative(_page(text, writer), subtype="html", charset="utf-8")
    page = mail.get_body(("html",))
    assert isinstance(page, MIMEPart)
    page.add_related(
        writer.face,
        "image",
        "jpeg",
        cid=f"<{FACE}>",
        disposition="inline",
        filename="face.jpg",
    )


def _page(text: str, writer: Writer) -> str:
    words = escape(text.rstrip()).replace("\n", "<br>\n")
    name, about = escape(_one_line(writer.name)), escape(_one_line(writer.about))
    return (
        f'<div>{words}</div><br><table cellpadding="0" cellspacing="0"><tr>'
        f'<td><img src="cid:{FACE}" width="48" height="48" alt="" style="border-radius:24px"></td>'
        f'<td style="padding-left:10px"><b>{name}</b><br>{about}</td></tr></table>'
    )


def _one_line(words: str) -> str:
    return " ".join(words.split())

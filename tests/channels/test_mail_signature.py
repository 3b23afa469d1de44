"""An answer by mail shows who wrote it: in words for everybody, with a face for who reads pages."""

import email
from datetime import UTC, datetime
from email.policy import default

from sori.channels.contract import SignedReplies, Writer
from sori.channels.email import Email
from sori.channels.mail.threads import Signer
from sori.channels.mail.writing import written

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TO = {"to": "kim@example.test", "subject": "배송 문의"}
FACE = b"\xff\xd8\xff\xe0 a face"


def made(writer: Writer | None, text: str = "오늘 출고됩니다."):
    envelope = written(
        to=TO,
        text=text,
        key="k",
        sender=("우리가게", "help@shop.test"),
        signer=Signer("s"),
        plus=False,
        at=NOW,
        writer=writer,
    )
    return email.message_from_bytes(envelope.raw, policy=default)


def test_it_signs_with_name_and_line_under_the_mark_that_mail_programs_know():
    mail = made(Writer("지민", "배송팀에서 6년째"))
    assert not mail.is_multipart()
    lines = mail.get_content().splitlines()
    assert lines == ["오늘 출고됩니다.", "", "-- ", "지민", "배송팀에서 6년째"]


def test_it_signs_nothing_when_nobody_is_named():
    assert made(None).get_content().strip() == "오늘 출고됩니다."


def test_it_shows_the_face_beside_the_same_words():
    mail = made(Writer("지민", "배송팀", FACE))
    assert mail.get_content_type() == "multipart/alternative"
    assert mail.get_body(("plain",)).get_content().splitlines()[0] == "오늘 출고됩니다."
    page = mail.get_body(("html",)).get_content()
    picture = next(part for part in mail.walk() if part.get_content_type() == "image/jpeg")
    assert picture.get_content() == FACE
    assert f"cid:{picture['Content-ID'].strip('<>')}" in page
    assert "<b>지민</b>" in page


def test_it_lets_nobody_write_markup_or_lines_of_their_own_into_the_page():
    mail = made(Writer("<b>x", "a\r\nBcc: spy@x.test", FACE), "<script>alert(1)</script>\n둘째 줄")
    page = mail.get_body(("html",)).get_content()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>" in page
    assert mail["Bcc"] is None
    assert "a Bcc: spy@x.test" in mail.get_body(("plain",)).get_content()


def test_it_can_be_switched_off_for_a_mailbox():
    assert isinstance(Email(), SignedReplies)
    assert Email.Settings.model_fields["sign"].default is True

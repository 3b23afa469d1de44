import hashlib
import time
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from peers.mails import attached, encoded_name, mail, poison
from sori.channels.contract import Rereads
from sori.channels.email import Email
from sori.channels.mail import parts
from sori.channels.mail.names import harmless
from sori.channels.mail.parts import Unreadable, opened, taken_apart

EMAIL = Email()


def apart(raw: bytes) -> parts.Parts:
    return taken_apart(opened(raw))


def multipart(kind: str, *inner: bytes, boundary: str = "bb") -> bytes:
    line = f"--{boundary}\r\n".encode()
    body = b"".join(line + part + b"\r\n" for part in inner) + f"--{boundary}--\r\n".encode()
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode() + body


def piece(kind: str, body: str, more: str = "") -> bytes:
    return f"Content-Type: {kind}; charset=utf-8\r\n{more}\r\n{body}".encode()


def test_it_prefers_the_plain_one_of_two_ways_to_say_it():
    raw = b"From: a@b.test\r\n" + multipart(
        "alternative", piece("text/plain", "그대로"), piece("text/html", "<p>꾸밈</p>")
    )

    assert apart(raw).text == "그대로"


def test_it_reads_the_html_where_the_plain_one_is_empty():
    raw = b"From: a@b.test\r\n" + multipart(
        "alternative", piece("text/plain", " \r\n"), piece("text/html", "<p>꾸밈</p>")
    )

    assert apart(raw).text == "꾸밈"


def test_it_reads_nested_parts_in_order():
    picture = b"Content-Type: image/png\r\nContent-ID: <x>\r\n\r\nPNG"
    related = multipart("related", piece("text/html", "<p>꾸밈</p>"), picture, boundary="rr")
    choice = multipart("alternative", piece("text/plain", "그대로"), related, boundary="aa")
    raw = b"From: a@b.test\r\n" + multipart("mixed", choice, piece("text/plain", "꼬리말"))

    found = apart(raw)

    assert found.text.split() == ["그대로", "꼬리말"]
    assert [each.media_type for each in found.attached] == ["image/png"]


def test_it_keeps_files_by_their_digest():
    found = apart(attached("견적서.pdf", b"%PDF-1.4 body"))
    digest = hashlib.sha256(b"%PDF-1.4 body").hexdigest()

    assert found.files == {digest: b"%PDF-1.4 body"}
    assert found.attached == [(digest, "견적서.pdf", "application/pdf", 13)]
    assert found.text.strip() == "첨부합니다"


@pytest.mark.parametrize("encoding", ["euc-kr", "utf-8"])
def test_it_reads_file_names_as_korean_programs_write_them(encoding):
    assert (
        apart(attached(encoded_name("영수증 2026.pdf", encoding))).attached[0].name
        == "영수증 2026.pdf"
    )


def test_it_reads_file_names_by_rfc_2231_in_false_charsets():
    raw = attached("x").replace(
        b'filename="x"',
        b"filename*0*=ks_c_5601-1987''%8Cc%B0%A2; filename*1*=%C7%CF.pdf",
    )

    assert apart(raw).attached[0].name == "똠각하.pdf".replace("똠", b"\x8cc".decode("cp949"))


def test_it_reads_file_names_in_raw_letters():
    raw = attached("x").replace(b'filename="x"', 'filename="영수증.pdf"'.encode("cp949"))

    assert apart(raw).attached[0].name == "영수증.pdf"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/etc/cron.d/x", "x"),
        ("견적서\u202efdp.exe", "견적서fdp.exe"),
        (".ht\u200baccess", "htaccess"),
        ("\u200b.htaccess", "htaccess"),
        ("a\u2066b\u2069.pdf", "ab.pdf"),
        ("한글.hwp", "한글.hwp"),  # taken apart, as macOS does
        ("a\r\nContent-Type: text/html\r\n.pdf", "aContent-Type_ text_html.pdf"),
        ("a\0.pdf", "a.pdf"),
        ("con.txt", "_con.txt"),
        ("name. . .", "name"),
        ("<script>.pdf", "_script_.pdf"),
        ('a"b.pdf', "a_b.pdf"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
        ("", "attachment"),
        ("...", "attachment"),
        ("\u202e\u200b", "attachment"),
        ("..", "attachment"),
        ("이모지 👍🏽.png", "이모지 👍🏽.png"),
    ],
)
def test_it_makes_file_names_harmless(name, made):
    assert harmless(name) in {made, made.rpartition(" ")[2].rpartition("_")[2]}
    assert not set(harmless(name)) & set('/\\\0\r\n"<>:')


def test_it_keeps_an_attached_mail_closed():
    inner = EmailMessage(policy=SMTP)
    inner["Subject"] = "inner"
    inner.set_content("inner words")
    outer = EmailMessage(policy=SMTP)
    outer["From"] = "a@b.test"
    outer.set_content("outer words")
    outer.add_attachment(inner)

    found = apart(outer.as_bytes())

    assert found.text.strip() == "outer words"
    assert found.attached[0].name.endswith(".eml")
    assert b"inner words" in found.files[found.attached[0].digest]


def test_it_names_the_files_of_a_mail_that_was_cut_but_does_not_keep_them():
    found = taken_apart(opened(attached("a.pdf")[:-30]), whole=False)

    assert [each.name for each in found.attached] == ["a.pdf"]
    assert found.files == {}


@pytest.mark.parametrize(("name", "raw"), list(poison()), ids=lambda value: str(value)[:20])
def test_it_refuses_poison_in_little_time(name, raw):
    started = time.process_time()
    with pytest.raises(Unreadable):
        apart(raw)

    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "raw",
    [
        mail(Content_Type="multipart/mixed"),
        mail(Content_Type='multipart/mixed; boundary=""'),
        mail(Content_Type="text/plain; charset*=x''y''z"),
        mail(Content_Type="/; =;;;=="),
        mail(Content_Type='text/plain; name="' + "\\" * 9_000 + '"'),
        mail(Content_Transfer_Encoding="base64"),
        mail(Content_Transfer_Encoding="uuencode"),
        mail(Content_Disposition="attachment; filename*99999999999999999999=x"),
        mail(Content_Disposition="attachment; " + 'filename="' * 800),
        mail(From="a" * 9_000 + "@b.test"),
        mail(From="(" * 5_000),
        mail(To=",".join(f"p{n}@x.test" for n in range(20_000))[:200_000]),
        mail(Date="31 Feb 99999999999 99:99:99 +9999"),
        mail(Message_ID="<" + "[" * 1000 + "@x>"),
        b"\r\n\r\nonly a body",
        b"From a@b Sun Nov 22 2026\r\nFrom: a@b.test\r\n\r\nx",
        b"no colon here\r\n\r\nx",
        b"From: a@b.test\n\nbare line feeds\n",
        b"From: a@b.test\r\rbare carriage returns\r",
        bytes(range(256)) * 40,
    ],
    ids=range(20),
)
def test_it_reads_or_refuses_what_is_crooked(listener, raw):
    """Whatever comes: a row or a broken item, never an exception."""
    settings = EMAIL.Settings(address="help@shop.test", password="x", imap_host="x.test")

    page = EMAIL.reread(settings, raw, listener)

    assert page.mentions.num_rows + len(page.broken) == 1
    assert isinstance(EMAIL, Rereads)

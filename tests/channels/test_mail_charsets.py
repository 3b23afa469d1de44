import pytest

from peers.mails import PLAIN, RARE, korean, mail
from sori.channels.mail import parts
from sori.channels.mail.charset import decode, header


def text(raw: bytes) -> str:
    return parts.taken_apart(parts.opened(raw)).text.replace("\r\n", "\n").strip()


@pytest.mark.parametrize(
    ("encoding", "label", "transfer", "words"),
    [
        ("euc-kr", "euc-kr", "base64", PLAIN),
        ("euc-kr", "EUC-KR", "8bit", PLAIN),
        ("cp949", "cp949", "base64", RARE),
        ("cp949", "euc-kr", "8bit", RARE),
        ("cp949", "ks_c_5601-1987", "base64", RARE),
        ("cp949", "KS_C_5601-1989", "8bit", RARE),
        ("cp949", "ksc5601", "base64", RARE),
        ("cp949", "x-windows-949", "8bit", RARE),
        ("iso2022_kr", "iso-2022-kr", "7bit", PLAIN),
        ("utf-8", "utf-8", "base64", RARE),
        ("utf-8", "UTF8", "8bit", RARE),
        ("utf-16", "utf-16", "base64", RARE),
        # labels that lie, or say nothing
        ("cp949", "utf-8", "8bit", RARE),
        ("utf-8", "euc-kr", "8bit", RARE),
        ("utf-8", "ks_c_5601-1987", "base64", "배송"),
        ("cp949", "us-ascii", "8bit", PLAIN),
        ("utf-8", "us-ascii", "8bit", RARE),
        ("utf-8", "iso-8859-1", "8bit", RARE),
        ("cp949", "windows-1252", "base64", PLAIN),
        ("utf-8", "no-such-charset", "8bit", RARE),
        ("cp949", "", "8bit", PLAIN),
        ("utf-8", "base64", "8bit", RARE),
        ("utf-8", "idna", "8bit", RARE),
        ("utf-8", "unicode_escape", "8bit", RARE),
        ("utf-8", "\0", "8bit", RARE),
    ],
)
def test_it_reads_korean_whatever_it_is_called(encoding, label, transfer, words):
    assert text(korean(encoding, label, transfer, words)) == words


def test_it_keeps_western_letters_where_they_are_meant():
    raw = mail(
        "Grüße, café à Zürich".encode("latin-1"), Content_Type="text/plain; charset=iso-8859-1"
    )

    assert text(raw) == "Grüße, café à Zürich"


def test_it_reads_japanese_shift_codes():
    raw = mail("テスト".encode("iso2022_jp"), Content_Type="text/plain; charset=iso-2022-jp")

    assert text(raw) == "テスト"


@pytest.mark.parametrize(
    "label", ["utf-8", "euc-kr", "iso-2022-kr", "utf-7", "utf-16", "hz", "x", None]
)
def test_it_loses_no_readable_letter_of_torn_bytes(label):
    assert (
        "order 1234" in decode(b"order 1234 \xff\xfe\x80 \x1b$)C\x0e", label) or label == "utf-16"
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("=?ks_c_5601-1987?B?jGO55rCiw8/?=", None),
        ("=?utf-8?Q?=EB=B0=B0=EC=86=A1?=", "배송"),
        ("=?euc-kr?Q?=B9=E8=BC=DB?= =?euc-kr?Q?=C1=F6=BF=AC?=", "배송지연"),
        ("=?utf-8?B?67A=?= =?utf-8?B?sA==?=", "배"),  # one letter over two words
        ("Re: =?utf-8?B?67Cw7Iah?= (2)", "Re: 배송 (2)"),
        ("=?utf-8?B?!!!?=", None),
        ("=?nonsense?B?67Cw7Iah?=", "배송"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_it_reads_headers(line, words):
    assert header(line) == words or words is None


def test_it_reads_raw_letters_in_headers():
    raw = mail(Subject="배송 지연").replace("배송 지연".encode(), "배송 똠".encode("cp949"))

    assert header(parts.fields(parts.opened(raw))["subject"][0]) == "배송 똠"


def test_a_header_stays_on_one_line():
    assert header("=?utf-8?B?" + "YQ0KQmNjOiB4QHkuegA=" + "?=") in {
        "a Bcc: x@y.z\0",
        "a Bcc: x@y.z",
    }


@pytest.mark.parametrize("flood", ["=?" * 50_000, "=?a?b?" * 20_000, "=?utf-8?q?" * 20_000])
def test_it_does_not_choke_on_a_flood_of_half_words(flood):
    assert len(header(flood)) <= 10_000

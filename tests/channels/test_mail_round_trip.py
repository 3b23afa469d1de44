"""A customer and a company, with a real mail server between them."""

import imaplib
import json
import threading
import time
import uuid
from datetime import UTC, datetime

import pytest
from imap_tools import imap_utf7

from peers.mail_server import PASSWORD
from peers.mails import QUOTED, RARE, attached, korean, mail, poison
from sori.channels import email as door
from sori.channels.contract import Address, Listener, Waits
from sori.channels.email import Email
from sori.errors import ChannelError

pytestmark = pytest.mark.peer

EMAIL = Email()


class Box:
    """One mailbox of this test's own."""

    def __init__(self, server, listener, **settings):
        self.server = server
        self.address = f"{uuid.uuid4().hex[:12]}@shop.test"
        self.listener = Listener(listener.source, datetime.now(UTC))
        self.settings = EMAIL.Settings(
            **{
                "address": self.address,
                "display_name": "우리가게",
                "password": PASSWORD,
                "imap_host": "127.0.0.1",
                "imap_port": server.imap_port,
                "imap_security": "none",
                "smtp_host": "127.0.0.1",
                "smtp_port": server.submission_port,
                "smtp_security": "none",
                "timeout": 20,
            }
            | settings
        )

    def get(self, raw: bytes, **more) -> None:
        self.server.deliver(raw, self.address, **more)

    def read(self, cursor=None):
        return list(EMAIL.fetch(self.settings, cursor, self.listener))

    def rows(self, cursor=None):
        return [row for page in self.read(cursor) for row in page.mentions.to_pylist()]

    def imap(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.server.imap_port)
        client.login(self.address, PASSWORD)
        return client


@pytest.fixture
def box(dovecot, listener) -> Box:
    return Box(dovecot, listener)


@pytest.fixture
def customer(dovecot, listener) -> Box:
    return Box(dovecot, listener)


def test_it_brings_mail_once_and_goes_on_after_it(box):
    box.get(mail("하나", Message_ID="<1@x.test>"))
    box.get(mail("둘", Message_ID="<2@x.test>"))
    first = box.read()
    box.get(mail("셋", Message_ID="<3@x.test>"))
    second = box.read(json.loads(json.dumps(first[-1].cursor)))

    assert sorted(row["text"] for page in first for row in page.mentions.to_pylist()) == [
        "둘",
        "하나",
    ]
    assert [row["text"] for page in second for row in page.mentions.to_pylist()] == ["셋"]
    assert box.read(second[-1].cursor) == []


def test_it_leaves_no_trace(box):
    box.get(mail())
    box.rows()
    client = box.imap()
    client.select("INBOX", readonly=True)
    status, flags = client.uid("FETCH", "1:*", "(FLAGS)")
    client.logout()

    assert status == "OK"
    assert b"\\Seen" not in flags[0]


def test_it_reads_what_others_have_marked_as_read(box):
    box.get(mail())
    client = box.imap()
    client.select("INBOX")
    client.store("1:*", "+FLAGS", "\\Seen")
    client.logout()

    assert len(box.rows()) == 1


@pytest.mark.parametrize(("encoding", "label"), [("cp949", "ks_c_5601-1987"), ("euc-kr", "euc-kr")])
def test_it_reads_korean(box, encoding, label):
    words = RARE if encoding == "cp949" else "배송이 늦어요"
    box.get(korean(encoding, label, "base64", words))

    (row,) = box.rows()

    assert (row["text"].replace("\r", ""), row["title"]) == (words, "똠방 문의")


def test_an_answer_reaches_the_customer_in_its_thread_and_theirs_reaches_ours(box, customer):
    box.get(mail(From=customer.address, Message_ID="<q@x.test>", Subject="Delivery"))
    (asked,) = box.rows()
    to = Address("private", json.loads(asked["reply_address"]), asked["author_id"])

    assert EMAIL.find(box.settings, to, "key-1") is None
    sent = EMAIL.reply(box.settings, to, "고객님, 오늘 출고됩니다.\n.점", "key-1")
    assert EMAIL.find(box.settings, to, "key-1").external_id == sent.external_id

    (got,) = _soon(customer.rows)
    told = json.loads(got["extra"])
    assert (got["title"], got["text"]) == ("Re: Delivery", "고객님, 오늘 출고됩니다.\n.점")
    assert (told["in_reply_to"], told["references"]) == ("<q@x.test>", ["<q@x.test>"])
    assert (got["author_id"], got["author_name"]) == (box.address, "우리가게")
    assert got["thread_id"] == asked["thread_id"]
    assert told["automatic"] is False

    # the customer's program keeps In-Reply-To only, and quotes
    box.get(
        mail(
            QUOTED["gmail"],
            From=customer.address,
            Message_ID="<a@x.test>",
            In_Reply_To=sent.external_id,
        )
    )
    answer = box.rows()[-1]
    assert (answer["thread_id"], answer["text"]) == (asked["thread_id"], "네, 기다릴게요.")
    assert json.loads(answer["extra"])["answers"] == "key-1"


def test_the_thread_survives_in_the_plus_address_alone(dovecot, listener, customer):
    box = Box(dovecot, listener, reply_key=True)
    box.get(mail(From=customer.address, Message_ID="<q@x.test>"))
    (asked,) = box.rows()
    to = Address("private", json.loads(asked["reply_address"]), asked["author_id"])
    EMAIL.reply(box.settings, to, "답", "key-1")
    (got,) = _soon(customer.rows)
    reply_to = json.loads(got["extra"])["reply_to"][0]["address"]

    dovecot.deliver(mail("새 글", To=reply_to, Message_ID="<b@x.test>"), reply_to)

    assert _soon(lambda: box.rows()[1:])[0]["thread_id"] == asked["thread_id"]


def test_our_own_answer_that_comes_back_is_no_voice(box, customer):
    box.get(mail(From=customer.address))
    (asked,) = box.rows()
    to = Address("private", json.loads(asked["reply_address"]) | {"to": box.address}, "us")
    EMAIL.reply(box.settings, to, "우리끼리", "key-1")

    cursor = _soon(lambda: [page for page in box.read() if page.cursor["uid"] == 2])[0].cursor

    assert cursor["uid"] == 2
    assert len(box.rows()) == 1


def test_a_copy_is_filed_once(box, customer):
    box.get(mail(From=customer.address))
    to = Address("private", json.loads(box.rows()[0]["reply_address"]), "kim")
    EMAIL.reply(box.settings, to, "답", "key-1")
    EMAIL.reply(box.settings, to, "답", "key-1")  # a person released it once more
    client = box.imap()
    client.select("Sent", readonly=True)
    found = client.search(None, "SEEN")[1][0].split()
    client.logout()

    assert len(found) == 1


def test_it_hears_the_moment_a_mail_arrives(box):
    box.get(mail("하나"))
    heard = []
    waiting = threading.Thread(target=lambda: heard.append(EMAIL.wait(box.settings, None, 30)))
    waiting.start()
    time.sleep(1)
    box.get(mail("둘"))
    waiting.join(20)

    assert heard == [True]
    assert isinstance(EMAIL, Waits)


def test_it_hears_of_a_mail_that_came_while_nobody_was_waiting(box):
    box.get(mail("하나"))
    cursor = box.read()[-1].cursor
    assert EMAIL.wait(box.settings, cursor, 0.5) is False

    box.get(mail("둘"))

    assert EMAIL.wait(box.settings, cursor, 0.5) is True


def test_it_waits_no_longer_than_it_was_told(box):
    box.get(mail())

    assert EMAIL.wait(box.settings, None, 0.5) is False


def test_a_mailbox_numbered_anew_is_listed_again_and_its_mails_are_the_same(box):
    for number in range(3):
        box.get(mail(f"글 {number}", Message_ID=f"<{number}@x.test>"))
    before = box.rows()
    cursor = box.read()[-1].cursor | {"uidvalidity": 1}
    box.get(mail("새 글", Message_ID="<new@x.test>"))

    pages = box.read(cursor)
    after = [row for page in pages for row in page.mentions.to_pylist()]

    assert {row["id"] for row in before} < {row["id"] for row in after}
    assert len(after) == 4
    assert pages[-1].cursor["uidvalidity"] != 1


def test_the_first_look_goes_back_as_far_as_it_was_told(dovecot, listener):
    box = Box(dovecot, listener, history_days=0)
    box.get(mail("alt"))
    pages = box.read()
    box.get(mail("neu"))

    assert [page.mentions.num_rows for page in pages] == [0]
    assert [row["text"] for row in box.rows(pages[-1].cursor)] == ["neu"]


def test_poison_does_not_keep_back_the_next_mail(box):
    client = box.imap()
    sent = {name for name, raw in poison() if raw and client.append("INBOX", None, None, raw)}
    client.logout()
    box.get(mail("good"))

    pages = box.read()

    broken = [each for page in pages for each in page.broken]
    texts = [row["text"] for page in pages for row in page.mentions.to_pylist()]
    assert texts[-1] == "good"
    assert len(broken) + len(texts) == len(sent) + 1
    assert len(broken) >= len(sent) - 1  # Dovecot writes other letters for zeros
    assert all(each.reason and each.external_id for each in broken)
    assert EMAIL.reread(box.settings, broken[0].raw, box.listener).broken[0].reason


def test_a_mail_that_is_too_large_is_heard_without_its_files(dovecot, listener):
    box = Box(dovecot, listener, max_megabytes=1)
    box.get(attached("큰 파일.pdf", b"x" * 3_000_000, "본문은 읽힙니다"))
    box.get(mail("next"))

    pages = box.read()
    large, small = [row for page in pages for row in page.mentions.to_pylist()]

    assert (large["text"], small["text"]) == ("본문은 읽힙니다", "next")
    assert json.loads(large["extra"])["cut"] is True
    assert pages[0].files == {}
    assert large["attachments"][0]["name"]


def test_files_come_with_the_page(box):
    box.get(attached("영수증 2026.pdf"))
    (page,) = box.read()
    (row,) = page.mentions.to_pylist()

    assert page.files == {row["attachments"][0]["digest"]: b"%PDF-1.4 x"}


def test_many_mails_come_in_pages_that_can_be_resumed(box, monkeypatch):
    monkeypatch.setattr(door.imap, "MOST_AT_ONCE", 7)
    for number in range(20):
        box.get(mail(f"글 {number}", Message_ID=f"<{number}@x.test>"))
    pages = box.read()

    assert [page.mentions.num_rows for page in pages] == [7, 7, 6]
    for at, page in enumerate(pages):
        rest = box.read(page.cursor)
        assert [each.cursor for each in rest] == [each.cursor for each in pages[at + 1 :]]


@pytest.mark.parametrize(
    ("settings", "permanent"),
    [
        ({"password": "wrong"}, True),
        ({"folder": "Nowhere"}, True),
        ({"imap_port": 1}, False),
        ({"imap_security": "ssl"}, False),
        ({"imap_security": "starttls"}, False),
    ],
)
def test_it_tells_what_the_operator_can_mend(dovecot, listener, settings, permanent):
    with pytest.raises(ChannelError) as caught:
        Box(dovecot, listener, **settings).read()

    assert caught.value.permanent is permanent
    assert PASSWORD not in str(caught.value)


def test_it_reads_a_folder_with_a_korean_name(dovecot, listener):
    box = Box(dovecot, listener, folder="고객 문의")
    client = box.imap()
    name = '"' + imap_utf7.utf7_encode("고객 문의").decode() + '"'
    client.create(name)
    client.append(name, None, None, mail("폴더"))
    client.logout()

    assert [row["text"] for row in box.rows()] == ["폴더"]


def _soon(look, seconds: float = 10):
    """What a look brings once it brings something: delivery takes a moment."""
    ends = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < ends:
        time.sleep(0.1)
    return found

"""What the headers of a mail tell: who, to whom, by machine or by hand, and what is proven."""

import re
from collections.abc import Mapping, Sequence
from email.message import Message
from email.utils import getaddresses
from typing import Final, NamedTuple

from sori.channels.mail.addresses import checked, normal
from sori.channels.mail.charset import LONGEST_HEADER, decode, header

Fields = Mapping[str, Sequence[str]]

ROBOTS: Final = re.compile(
    r"(?i)(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|auto-?reply|notification"
    r"|notifications|mail-?daemon)(?:[+._-].*)?"
)
ABSENT: Final = re.compile(
    r"(?i)\s*(?:\[?(?:자동\s?(?:응답|회신|답장)|부재\s?중|휴가\s?중)"
    r"|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|自動応答|不在通知)"
)
BULK: Final = frozenset({"bulk", "list", "junk", "auto_reply"})
QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
ROUND: Final = re.compile(r"\([^()\\<>]*\)")
ESCAPED: Final = re.compile(r"\\(.)")
ANGLED: Final = re.compile(r"(?:[^<>\"()\\@]*|[^<>\"()\\,;:]*)<(?P<address>[^<>\s]+)>", re.DOTALL)
PLAIN: Final = re.compile(r"(?P<address>[^<>\s\"()\\,;:]+)")
VERDICT: Final = re.compile(r"(?i)\b(spf|dkim|dmarc|arc)\s*=\s*([a-z]{3,12})")
COMMENT: Final = re.compile(r"\([^()]{0,1000}\)")
MOST_PEOPLE: Final = 50


class Sender(NamedTuple):
    """Who wrote.

    Attributes:
        address: as written; empty when there is not exactly one believable sender.
        name: what they call themselves.
        doubt: why there is no address.
    """

    address: str
    name: str
    doubt: str = ""


def first(fields: Fields, name: str) -> str:
    """A header in plain words; empty when it is missing."""
    values = fields.get(name)
    return header(values[0]) if values else ""


def sender(fields: Fields) -> Sender:
    """Who wrote a mail; nobody where the line can be read in two ways, for one is a disguise.

    The library's reader is made to find something in every line: in `a@b.test( <c@d.test>` it finds
    a@b.test, most mail programs show c@d.test. Here such a line names nobody.
    """
    lines = fields.get("from", [])
    if len(lines) != 1:
        doubt = "it names more than one sender" if lines else "it names no sender"
        return Sender("", first(fields, "from"), doubt)
    line = _as_letters(lines[0])
    bare = ROUND.sub(" ", QUOTED.sub(" ", line)).strip()
    found = ANGLED.fullmatch(bare) or PLAIN.fullmatch(bare)
    try:
        address = checked(found["address"]) if found else ""
    except ValueError:
        address = ""
    if not address:
        return Sender("", first(fields, "from"), "its sender cannot be told for certain")
    name = _shown_name(line)
    return Sender(address, name if normal(name) != normal(address) else "")


def _shown_name(line: str) -> str:
    before, angle, _ = line.rpartition("<")
    comment = ROUND.search(line)
    words = before if angle else (comment[0][1:-1] if comment else "")
    return header(ESCAPED.sub(r"\1", words.strip().strip('"')))


def _as_letters(line: str) -> str:
    return decode(line.encode("utf-8", "surrogateescape")[:LONGEST_HEADER], None)


def people(fields: Fields, name: str) -> list[dict[str, str]]:
    """Everybody in a header such as To or Cc, as far as their addresses can be."""
    return [
        {"name": shown, "address": address}
        for shown, address in _people(fields.get(name, []))[:MOST_PEOPLE]
    ]


def _people(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Names and addresses; taken apart before encoded words are opened, as RFC 2047 section 5 asks.

    The other way round, a name such as "=?utf-8?q?a=40b.c=2C?=" would become an address.
    """
    raw = [
        line.encode("utf-8", "surrogateescape").decode("latin-1")[:LONGEST_HEADER] for line in lines
    ]
    found = []
    for name, address in getaddresses(raw):
        try:
            found.append((header(name.encode("latin-1", "replace")), checked(_letters(address))))
        except ValueError:
            continue
    return found


def _letters(address: str) -> str:
    return header(address.encode("latin-1", "replace")) if "=?" not in address else address


def automatic(fields: Fields, mail: "Message[str, str]", who: Sender) -> list[str]:
    """Signs that no person wrote this mail by hand (RFC 3834 and what programs do besides).

    Returns:
        The signs, by header; empty when there are none.
    """
    submitted = first(fields, "auto-submitted").partition(";")[0].strip().lower()
    report = mail.get_content_type() == "multipart/report"
    signs = {
        "auto-submitted": submitted not in {"", "no"},
        "precedence": first(fields, "precedence").lower() in BULK,
        "list-id": "list-id" in fields or "list-unsubscribe" in fields,
        "x-auto-response-suppress": bool(first(fields, "x-auto-response-suppress")),
        "x-autoreply": bool(fields.keys() & {"x-autoreply", "x-autorespond", "x-autoresponder"}),
        "return-path": first(fields, "return-path") == "<>",
        "content-type": report,
        "from": bool(ROBOTS.fullmatch(who.address.partition("@")[0])),
        "subject": bool(ABSENT.match(first(fields, "subject"))),
    }
    return [name for name, shown in signs.items() if shown]


def proven(fields: Fields, trusted: str) -> dict[str, str]:
    """What our own mail server found out about the sender (RFC 8601).

    Only the topmost result counts, and only if it bears the name of a server we trust: anybody can
    write such a header, and those further down came with the mail.

    Args:
        fields: the headers.
        trusted: the name our server signs its results with; empty when none is known.
    """
    results = fields.get("authentication-results", [])
    if not (trusted and results):
        return {}
    words = COMMENT.sub(" ", header(results[0]))
    server, _, rest = words.partition(";")
    if server.split(" ")[0].strip().lower() != trusted.lower():
        return {}
    return {method.lower(): verdict.lower() for method, verdict in VERDICT.findall(rest)}

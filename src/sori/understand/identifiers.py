"""What personal data looks like: the shapes of numbers and addresses, and what tells them apart.

Patterns are searched only at the spots where they can be (see `spots`), in a shadow of the text
where every digit is a plain digit and every dash a hyphen. Every pattern is bounded, so the time
to search a text grows with its length and nothing else.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from sori.understand.spots import BANK, HIDDEN, LETTER, MAIL, NUMBER, SPOKEN, STREET, ZERO, Spots

# Dots, dashes, spaces and brackets people put between digits.
_GAP = r"[ \t.\-·_/)(]{0,3}"
# ... and at least one of them.
_BREAK = r"[ \t.\-·_/]{1,3}"
# What may not stand before a number. All of them begin with one of the characters named first;
# that they are named halves the time of a search, which else looks back from every letter.
_NOT_INSIDE = r"(?=[0-9+(oO])(?<![0-9])(?<![0-9][.\-])"
_ENDS = r"(?![0-9])(?![.\-][0-9])"
_YEAR_MONTH_DAY = r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_HIDDEN = r"[0-9*xX●○■]"

RESIDENT: Final = re.compile(
    rf"{_NOT_INSIDE}({_YEAR_MONTH_DAY}){_GAP}(?:,\s?)?([1-8])({_HIDDEN}{{6}})(?![0-9])"
)
CARD: Final = re.compile(
    rf"{_NOT_INSIDE}(?:[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
    rf"|3[0-9]{{3}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{4,5}}){_ENDS}"
)
LICENCE: Final = re.compile(
    rf"{_NOT_INSIDE}(?:1[1-9]|2[0-8]){_BREAK}[0-9]{{2}}{_BREAK}[0-9]{{6}}{_BREAK}[0-9]{{2}}{_ENDS}"
)
LICENCE_RUN: Final = re.compile(rf"{_NOT_INSIDE}(?:1[1-9]|2[0-8])[0-9]{{10}}{_ENDS}")
PASSPORT: Final = re.compile(
    r"(?<![A-Za-z0-9])[MSRODGmsrodg](?:[0-9]{8}|[0-9]{3}[A-Za-z][0-9]{4})(?![A-Za-z0-9])"
)
PHONE: Final = re.compile(
    rf"{_NOT_INSIDE}(?:"
    rf"(?:\+?82{_GAP}(?:0{_GAP})?|[0oO]{_GAP})[1lI]{_GAP}[0oO16789](?:{_GAP}[0-9]){{7,8}}"
    rf"|(?:\+82{_GAP}|0)(?:2|[3-6][1-5]|70|50[0-9]|80){_BREAK}[0-9]{{3,4}}{_BREAK}[0-9]{{4}}"
    rf"|(?:02|0[3-6][1-5]|070|050[0-9])\)?[0-9]{{7,8}}"
    rf"|\+(?!82)[1-9][0-9]{{0,2}}(?:{_GAP}[0-9]){{7,11}}"
    rf"|\(?[2-9][0-9]{{2}}\)?[ .\-]{{1,2}}[0-9]{{3}}[ .\-][0-9]{{4}}"
    rf"){_ENDS}"
)
ACCOUNT: Final = re.compile(
    rf"{_NOT_INSIDE}(?:[0-9]{{2,6}}(?:[ ]?-[ ]?[0-9]{{1,8}}){{1,4}}"
    rf"|[0-9]{{3,6}}(?: [0-9]{{1,8}}){{1,3}}|[0-9]{{10,16}}){_ENDS}"
)
IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
SOCIAL_SECURITY: Final = re.compile(
    rf"{_NOT_INSIDE}(?!000|666|9)[0-9]{{3}}-[0-9]{{2}}-[0-9]{{4}}{_ENDS}"
)
EMAIL: Final = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64} ?(?:@|골뱅이|\(at\)|\[at\]) ?"
    r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,5}"
)
ADDRESS: Final = re.compile(
    r"[가-힣]{1,6}(?:시|도|구|군)\s[가-힣0-9]{1,10}(?:동|읍|면|리|로|길|가)\s?[0-9]{1,4}(?:-[0-9]{1,4})?"
)

# Words that say whose number it is: nobody's. Some say so alone, right before it ("운송장 12...").
_NUMBERED = (
    r"(?:주문|오더|접수|예약|승인|거래|관리|문의|상품|신청|사건|민원|고객|회원|일련|제품|배송|티켓|쿠폰|영수증"
    r"|order|tracking|invoice|ticket|serial|reference|booking|case|customer|parcel|coupon)"
    r"\s?(?:번호|넘버|코드|number|nr|no|id|code)"
)
_ALONE = (
    r"송장|바코드|시리얼|사업자(?:\s?등록\s?번호)?|모델명?|tracking|invoice|ticket|serial|model|barcode|sku|ref"
    r"|주문|오더|order|booking|parcel"
)
_BETWEEN = r"""[\s:#.()=\"'은는이가\-]{0,6}(?:[a-z]{1,4}[\s-]?)?$"""
_ORDER = re.compile(rf"(?:{_NUMBERED}|{_ALONE}){_BETWEEN}")
_SURE_ORDER = re.compile(rf"(?:{_NUMBERED}|송장|바코드|시리얼){_BETWEEN}")
_RESIDENT_WORD = re.compile(r"주민|등록\s?번호|민번|외국인|resident", re.IGNORECASE)
_CARD_WORD = re.compile(r"카드|card|visa|master", re.IGNORECASE)
_CARD_NUMBER = re.compile(r"(?:카드\s?번호|card\s?(?:number|no))[^0-9]{0,8}$", re.IGNORECASE)
_LICENCE_WORD = re.compile(r"면허|licen[cs]e", re.IGNORECASE)
_PASSPORT_WORD = re.compile(r"여권|passport", re.IGNORECASE)
BANK_WORDS: Final = (
    "은행|뱅크|농협|신협|수협|축협|새마을금고|우체국|카뱅|케뱅|토뱅|계좌|입금|송금|이체|예금주|통장|국민|신한|우리|하나"
    "|기업|산업|제일|씨티|대구|부산|광주|전북|경남|제주|토스|카카오"
    "|kb|nh|ibk|sc|keb|iban|acct|account|bank|deposit|transfer|sort code"
)
"""Without one of these in a text no number in it is known to be of a bank account."""
_BANK = re.compile(
    r"은행|뱅크|농협|신협|수협|축협|새마을금고|우체국|카뱅|케뱅|토뱅|계좌|입금|송금|이체|예금주|통장"
    r"|\b(?:KB|NH|IBK|SC|KEB|iban|acct|account|bank|deposit|transfer|sort code)\b",
    re.IGNORECASE,
)
# Names of banks that are ordinary words too ("국민", "하나") say bank only right before a number.
_BANK_NAME = re.compile(
    r"(?:국민|신한|우리|하나|기업|산업|제일|씨티|대구|부산|광주|전북|경남|제주|토스|카카오)"
    r"[ :)\]]{0,3}$"
)
_ADDRESS_OF_A_PAGE = re.compile(r"(?:://|www\.)[^\s]{0,300}$")
_FILE_NUMBER = re.compile(r"[A-Za-z][ ]?-[ ]?$")
_BUSINESS = re.compile(r"[0-9]{3}-[0-9]{2}-[0-9]{5}\Z")
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[\- ]{1,3}(?:0?[1-9]|1[0-2])[\- ]{1,3}(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
)
_MOBILE = re.compile(r"01[016789]|8210")
_BINS = re.compile(r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[4-8]|6(?:011|2|4[4-9]|5)|9")


class Finding(NamedTuple):
    """Some personal data in a text.

    Attributes:
        sort: what it is, such as "card".
        start: index of its first character.
        end: index behind its last character.
    """

    sort: str
    start: int
    end: int


class Place(NamedTuple):
    """A spot in one text (see `Spots`)."""

    begin: int
    end: int
    what: int
    digits: int = 0
    groups: int = 0
    marks: int = 0


class Rule(NamedTuple):
    """How to find some sorts of personal data.

    Attributes:
        pattern: their shape.
        judge: which sort a match is.
        margin: how far it may reach beyond the spot, before and behind.
    """

    pattern: "re.Pattern[str]"
    judge: "Judge"
    margin: tuple[int, int] = (12, 12)


Judge: TypeAlias = Callable[[str, "re.Match[str]"], str | None]
"""Looks at a match in its text and says which sort it is, or None for a false alarm."""


def candidates(shadow: str, place: Place) -> Iterator[tuple[int, Finding]]:
    """What is personal data at one spot of a shadow; may overlap.

    Yields:
        How sure the rule is (0 the surest), and what was found.
    """
    rules = _rules(place.what, min(place.digits, 17), min(place.groups, 5), place.marks)
    if not rules:
        return
    in_a_page = "://" in shadow or "www." in shadow
    for sure, rule in rules:
        low = max(0, place.begin - rule.margin[0])
        for match in rule.pattern.finditer(shadow, low, place.end + rule.margin[1]):
            before = max(0, match.start() - 300)
            if in_a_page and _ADDRESS_OF_A_PAGE.search(shadow, before, match.start()):
                continue
            sort = rule.judge(shadow, match)
            if sort is not None:
                yield sure, Finding(sort, *match.span())


def luhn(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _before(text: str, match: "re.Match[str]", size: int = 24) -> str:
    """What stands before a match, in lower case."""
    return text[max(0, match.start() - size) : match.start()].lower()


def _around(text: str, match: "re.Match[str]", size: int = 20) -> str:
    return text[max(0, match.start() - size) : match.end() + size]


def _digits(match: "re.Match[str]") -> str:
    return "".join(filter(str.isdigit, match.group()))


def _resident(text: str, match: "re.Match[str]") -> str | None:
    date, century, _ = match.groups()
    # born from 2000 on: nobody is born in the future; allow for clocks and for years to come
    if century in "3478" and int(date[:2]) > 45:
        return None
    before = _before(text, match)
    if _ORDER.search(before) and not _RESIDENT_WORD.search(before):
        return None
    return "resident_number" if century in "1234" else "foreigner_number"


def _card(text: str, match: "re.Match[str]") -> str | None:
    digits = _digits(match)
    before = _before(text, match)
    if _CARD_NUMBER.search(before):
        return "card"
    if not (_BINS.match(digits) and luhn(digits)):
        return None
    if _ORDER.search(before) and not _CARD_WORD.search(before):
        return None
    return "card"


def _licence_run(text: str, match: "re.Match[str]") -> str | None:
    return "driving_licence" if _LICENCE_WORD.search(_before(text, match)) else None


def _passport(text: str, match: "re.Match[str]") -> str | None:
    if _PASSPORT_WORD.search(_around(text, match)):
        return "passport"
    shape_is_enough = match.group()[0] == "M" and not _ORDER.search(_before(text, match))
    return "passport" if shape_is_enough else None


def _phone(text: str, match: "re.Match[str]") -> str | None:
    # what begins like a mobile number is one, unless it is called something else in so many words
    order = _SURE_ORDER if _MOBILE.match(_digits(match)) else _ORDER
    return None if order.search(_before(text, match)) else "phone"


def _account(text: str, match: "re.Match[str]") -> str | None:
    digits = _digits(match)
    if (
        not FEWEST_OF_AN_ACCOUNT <= len(digits) <= 16
        or _BUSINESS.match(match.group())
        or _DATE.match(match.group())
    ):
        return None
    before = _before(text, match)
    if _ORDER.search(before) or _FILE_NUMBER.search(before):
        return None
    after = text[match.end() : match.end() + 12]
    near = _BANK.search(before) or _BANK_NAME.search(before) or _BANK.search(after)
    return "account" if near else None


def _always(sort: str) -> Judge:
    def judge(text: str, match: "re.Match[str]") -> str | None:
        return None if _ORDER.search(_before(text, match)) else sort

    return judge


def _iban(text: str, match: "re.Match[str]") -> str | None:
    del text
    plain = match.group().replace(" ", "")
    turned = plain[4:] + plain[:4]
    # the check digits of ISO 13616: letters count from 10, the whole is 1 modulo 97
    return "account" if int("".join(str(int(c, 36)) for c in turned)) % 97 == 1 else None


def _says(sort: str) -> Judge:
    return lambda _text, _match: sort


_RESIDENT = Rule(RESIDENT, _resident)
_CARD = Rule(CARD, _card)
_LICENCE = Rule(LICENCE, _says("driving_licence"))
_LICENCE_RUN = Rule(LICENCE_RUN, _licence_run)
_EMAIL = Rule(EMAIL, _says("email"), (80, 330))
_PHONE = Rule(PHONE, _phone)
_SOCIAL_SECURITY = Rule(SOCIAL_SECURITY, _always("social_security"))
_ACCOUNT = Rule(ACCOUNT, _account)
_IBAN = Rule(IBAN, _iban)
_PASSPORT = Rule(PASSPORT, _passport)
_ADDRESS = Rule(ADDRESS, _says("address"))


FEWEST_OF_AN_ACCOUNT: Final = 10


def can_hold(spots: Spots) -> npt.NDArray[np.bool_]:
    """Which spots can hold anything at all; for the others no pattern need be tried."""
    digits, groups, marks = spots.digits, spots.groups, spots.marks
    telling = (marks & (ZERO | LETTER | HIDDEN | SPOKEN)) > 0
    grouped = (digits >= 9) & (groups >= 3)
    of_a_bank = (digits >= FEWEST_OF_AN_ACCOUNT) & ((marks & BANK) > 0)
    possible: npt.NDArray[np.bool_] = telling | grouped | of_a_bank | (digits >= 12)
    possible |= spots.what != NUMBER
    return possible


@cache
def _rules(what: int, digits: int, groups: int, marks: int) -> list[tuple[int, Rule]]:
    """The rules that can hold at a spot, the surest first, each with its place in that order."""
    if what == MAIL:
        return [(4, _EMAIL)]
    if what == STREET:
        return [(10, _ADDRESS)]
    can_hold = (
        (_RESIDENT, digits >= 13 or marks & HIDDEN),
        (_CARD, digits >= 14),
        (_LICENCE, digits >= 12 and groups >= 4),
        (_LICENCE_RUN, digits >= 12),
        (_EMAIL, False),
        (_PHONE, marks & ZERO or (digits >= 10 and groups >= 3)),
        (_SOCIAL_SECURITY, digits >= 9 and groups >= 3),
        (_ACCOUNT, digits >= FEWEST_OF_AN_ACCOUNT and marks & BANK),
        (_IBAN, marks & LETTER),
        (_PASSPORT, marks & LETTER),
    )
    return [(sure, rule) for sure, (rule, can) in enumerate(can_hold) if can]

"""Orders and contracts: take them in from a file of another system, and find whose they are."""

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from sori.channels.tables.csv_rows import csv_rows, layout_of
from sori.database import write_atomic
from sori.errors import ChannelError, Refused
from sori.journal.services import record
from sori.people.models import Purchase
from sori.people.recognising import MAIL, NUMBER, PHONE, Mark, normal
from sori.people.services import clean_name
from sori.staff.models import Member

LARGEST: Final = 50_000_000
"""So many bytes one file may have."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("number", "order", "order number", "contract", "contract number", "주문번호",
               "계약번호", "번호"),
    "sort": ("sort", "type", "구분", "종류"),
    "mail": ("mail", "email", "e-mail", "이메일", "메일"),
    "phone": ("phone", "mobile", "tel", "전화", "전화번호", "휴대폰", "연락처"),
    "customer": ("customer", "customer number", "customer id", "고객번호", "회원번호"),
    "title": ("title", "item", "product", "상품", "상품명", "내용"),
    "amount": ("amount", "price", "total", "금액", "결제금액"),
    "day": ("day", "date", "ordered", "날짜", "주문일", "계약일"),
}  # fmt: skip
"""What the columns of a file may be called, whatever the case."""

_CONTRACT: Final = ("contract", "계약")
_BY: Final = {MAIL: "mail", PHONE: "phone", NUMBER: "customer"}
_BATCH: Final = 500
_SHOWN: Final = 100
_FAULTS: Final = 20


class Loaded(NamedTuple):
    """What came of a file.

    Attributes:
        rows: how many it had.
        kept: how many were written, anew or again.
        faults: of the first rows that were not: their number in the file, and why.
    """

    rows: int
    kept: int
    faults: tuple[tuple[int, str], ...]


def load(*, content: bytes, member: Member) -> Loaded:
    """Take in a CSV file, in UTF-8 or the code page of Korean Windows; all of it or nothing.

    A row with a number that is known already replaces what was known. A row without a number, or
    without anything that tells whose it is, is left out and said.

    Raises:
        Refused: when it cannot be read at all, or is larger than LARGEST.
    """
    if len(content) > LARGEST:
        raise Refused(_("The file is larger than 50 MB."))
    kept: dict[str, Purchase] = {}
    faults: list[tuple[int, str]] = []
    rows = 0
    for rows, row in enumerate(_rows(content), start=1):
        made = _purchase(row) if isinstance(row, Mapping) else row
        if isinstance(made, Purchase):
            kept[made.number] = made
        else:
            faults.append((rows, made))
    with write_atomic():
        Purchase.objects.bulk_create(
            kept.values(),
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["number"],
            update_fields=["sort", "mail", "phone", "customer", "title", "amount", "day"],
        )
        counts = {"rows": rows, "kept": len(kept), "faults": len(faults)}
        record("purchases.loaded", "purchases:all", member=member, **counts)
    return Loaded(rows, len(kept), tuple(faults[:_FAULTS]))


def purchases(marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """What somebody with these marks bought, the newest first; only verified marks count.

    Returns:
        Dictionaries of number, sort, title, amount, day, mail, phone and customer; 100 at most.
    """
    rows = of(marks).order_by("-day", "-pk")
    columns = ("number", "sort", "title", "amount", "day", "mail", "phone", "customer")
    return [dict(row) for row in rows.values(*columns)[:_SHOWN]]


def of(marks: Iterable[Mark]) -> QuerySet[Purchase]:
    """The same as rows of the table."""
    theirs = Q()
    for sort, column in _BY.items():
        values = {mark.value for mark in marks if mark.sort == sort and mark.verified}
        if values:
            theirs |= Q(**{f"{column}__in": values})
    return Purchase.objects.filter(theirs) if theirs else Purchase.objects.none()


def _rows(content: bytes) -> Iterator[Mapping[str, str] | str]:
    """Each row by our own names of its columns, or why it cannot be read."""
    plain = io.BufferedReader(io.BytesIO(content))
    try:
        layout = layout_of(plain)
    except ChannelError as error:
        raise Refused(_("The file has no row of column names.")) from error
    ours = {
        name: next((one for one in layout.columns if one.casefold() in words), "")
        for name, words in COLUMNS.items()
    }
    if not ours["number"]:
        raise Refused(_("The file has no column of order numbers; call it “number”."))
    for row in csv_rows(plain, layout, layout.start):
        if row.values is None:
            yield row.fault
        else:
            values = row.values
            yield {name: str(values.get(column) or "").strip() for name, column in ours.items()}


def _purchase(row: Mapping[str, str]) -> Purchase | str:
    number = normal(NUMBER, row["number"])
    whose = {column: normal(sort, row[column]) for sort, column in _BY.items()}
    amount, day = _amount(row["amount"]), _day(row["day"])
    if not number or len(number) > 80:
        return _("It has no number.")
    if not any(whose.values()) or len(whose["customer"]) > 80 or len(whose["mail"]) > 255:
        return _("It has neither mail, phone nor customer number.")
    if (row["amount"] and amount is None) or (row["day"] and day is None):
        return _("Its amount or its day cannot be read.")
    contract = row["sort"].casefold().startswith(_CONTRACT)
    sort = Purchase.Sort.CONTRACT if contract else Purchase.Sort.ORDER
    title = clean_name(row["title"])
    return Purchase(number=number, sort=sort, title=title, amount=amount, day=day, **whose)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", "").removesuffix("원").lstrip("₩$€ ").strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal(10) ** 13 else None


def _day(text: str) -> date | None:
    try:
        return parse_date(text[:10].replace(".", "-").replace("/", "-"))
    except ValueError:
        return None

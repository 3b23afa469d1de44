"""What can be wrong with a listening rule, in fixed sentences that a page can translate."""

from typing import Final


def _(message: str) -> str:
    """Mark a sentence for translation; the page that shows it translates."""
    return message


LONGEST: Final = 4_000
DEEPEST: Final = 50
FARTHEST: Final = 100

EMPTY: Final = _("The rule is empty. Write at least one word.")
TOO_LONG: Final = _("The rule is longer than 4,000 characters.")
TOO_DEEP: Final = _("More than 50 parentheses or NOTs are open here.")
UNCLOSED: Final = _("This parenthesis is never closed.")
UNOPENED: Final = _("This parenthesis was never opened.")
UNTERMINATED: Final = _("This quotation mark is never closed.")
EMPTY_PHRASE: Final = _("There is nothing between these quotation marks.")
MISSING: Final = _("A word, a phrase or a filter is missing here.")
UNREADABLE: Final = _("This sign has no meaning here. Put text that contains it in quotes.")
COMMA: Final = _("A comma joins nothing. Write AND or OR between words.")
WILDCARD: Final = _("A * may only stand at the end of a word, once.")
NEAR_NUMBER: Final = _("NEAR needs a distance from 0 to 100, such as NEAR/5.")
NEAR_OPERANDS: Final = _(
    "NEAR joins two words, phrases, or groups of them joined by OR in parentheses."
)
UNKNOWN_FILTER: Final = _("There is no such filter. Put text that contains this sign in quotes.")
FILTER_VALUE: Final = _("The filter needs a value right after it, without *.")
LANGUAGE_CODE: Final = _("A language is written as its two-letter code, such as lang:ko.")
FILTER_SIGN: Final = _("Write lang:, channel: and author: with a colon, followers with >= or <=.")
BAD_NUMBER: Final = _("This is not a whole number.")
ONLY_NOT: Final = _(
    "NOT alone would match nearly everything. Say what to look for as well, in every part of an OR."
)

MESSAGES: Final = (
    EMPTY,
    TOO_LONG,
    TOO_DEEP,
    UNCLOSED,
    UNOPENED,
    UNTERMINATED,
    EMPTY_PHRASE,
    MISSING,
    UNREADABLE,
    COMMA,
    WILDCARD,
    NEAR_NUMBER,
    NEAR_OPERANDS,
    UNKNOWN_FILTER,
    FILTER_VALUE,
    LANGUAGE_CODE,
    FILTER_SIGN,
    BAD_NUMBER,
    ONLY_NOT,
)

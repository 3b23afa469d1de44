"""A rule that cannot be read: the message says why, the position where."""

from pathlib import Path

import pytest

import sori.web
from sori.listen.language import LanguageError, messages, parse


@pytest.mark.parametrize(
    ("written", "position", "message"),
    [
        ("", 0, messages.EMPTY),
        (" \n\u3000", 0, messages.EMPTY),
        ("a" * 4_001, 4_000, messages.TOO_LONG),
        ("(" * 51 + "a" + ")" * 51, 50, messages.TOO_DEEP),
        ("!" * 51 + "a", 50, messages.TOO_DEEP),
        ("-(" * 26 + "a", 50, messages.TOO_DEEP),
        ("환불 (요청", 3, messages.UNCLOSED),
        ("((a)", 0, messages.UNCLOSED),
        ("환불)", 2, messages.UNOPENED),
        ("(a))", 3, messages.UNOPENED),
        ('환불 "요청', 3, messages.UNTERMINATED),
        ('a ""', 2, messages.EMPTY_PHRASE),
        ("()", 1, messages.MISSING),
        ("a AND", 5, messages.MISSING),
        ("OR a", 0, messages.MISSING),
        ("a OR OR b", 5, messages.MISSING),
        ("(a -)", 4, messages.MISSING),
        ("a NEAR/3", 8, messages.MISSING),
        ("a NEAR/3 -b", 9, messages.MISSING),
        ("NEAR/3 a", 0, messages.NEAR_OPERANDS),
        ("a NEAR/3 b NEAR/3 c", 11, messages.NEAR_OPERANDS),
        ("a NEAR/3 (b c)", 2, messages.NEAR_OPERANDS),
        ("lang:ko NEAR/3 a", 8, messages.NEAR_OPERANDS),
        ("a NEAR b", 2, messages.NEAR_NUMBER),
        ("a NEAR/x b", 2, messages.NEAR_NUMBER),
        ("a NEAR/101 b", 2, messages.NEAR_NUMBER),
        ("a NEAR/-1 b", 2, messages.NEAR_NUMBER),
        ("a http://example.com", 2, messages.UNKNOWN_FILTER),
        ("a likes>=3", 2, messages.UNKNOWN_FILTER),
        ("환불 lang:", 8, messages.FILTER_VALUE),
        ("channel:em*", 8, messages.FILTER_VALUE),
        ("a lang:korean", 7, messages.LANGUAGE_CODE),
        ("followers:3", 9, messages.FILTER_SIGN),
        ("lang=ko", 4, messages.FILTER_SIGN),
        ("a followers>=천", 13, messages.BAD_NUMBER),
        ("followers>=", 11, messages.BAD_NUMBER),
        ("followers>=1,00", 11, messages.BAD_NUMBER),
        ("a *", 2, messages.WILDCARD),
        ("*환불", 0, messages.WILDCARD),
        ("환*불", 1, messages.WILDCARD),
        ("환불**", 2, messages.WILDCARD),
        ("환불, 교환", 2, messages.COMMA),
        ("환불 :)", 3, messages.UNREADABLE),
        ("NOT 광고", 0, messages.ONLY_NOT),
        ("환불 OR -광고", 6, messages.ONLY_NOT),
        ("a (b OR NOT c) OR -d", 18, messages.ONLY_NOT),
    ],
)
def test_it_points_at_what_it_cannot_read(written: str, position: int, message: str):
    with pytest.raises(LanguageError) as caught:
        parse(written)

    assert (caught.value.position, str(caught.value)) == (position, message)
    assert message in messages.MESSAGES


def test_it_says_what_could_have_stood_there():
    with pytest.raises(LanguageError) as caught:
        parse("(환불 AND )")

    assert caught.value.expected[:2] == ("a word", 'a "phrase"')


def test_it_counts_positions_in_what_was_written_not_in_what_it_was_folded_to():
    with pytest.raises(LanguageError) as caught:
        parse("ﷺ ㈜ （환불")

    assert caught.value.position == 4


def test_it_reads_the_longest_and_the_deepest_rule():
    parse("a " * 2_000)
    parse("(" * 50 + "a" + ")" * 50)
    parse(("a|(b -" * 25)[:-1] + "c" + ")" * 25)


def test_it_has_every_message_in_korean():
    fragment = Path(sori.web.__file__).parent / "locale/ko/fragments/rules.po"
    merged = fragment.parents[1] / "LC_MESSAGES/django.po"
    written = "".join(file.read_text() for file in (fragment, merged) if file.exists())

    assert [message for message in messages.MESSAGES if f'msgid "{message}"' not in written] == []

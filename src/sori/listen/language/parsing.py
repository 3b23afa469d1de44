"""Reading a listening rule, and saying where and why it cannot be read."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from lark import Lark, Token, UnexpectedCharacters, UnexpectedToken
from lark.lark import PostLex

from sori.errors import LanguageError
from sori.listen.language import messages
from sori.listen.language.building import Builder, loose_at
from sori.listen.language.expression import Expression

EXPECTED: Final = {
    "WORD": "a word",
    "PHRASE": 'a "phrase"',
    "FILTER": "a filter such as lang:ko",
    "_OPEN": "(",
    "_CLOSE": ")",
    "_AND": "AND",
    "_OR": "OR",
    "NOT": "NOT",
    "NEAR": "NEAR/5",
    "$END": "the end of the rule",
}
QUOTES: Final = str.maketrans("“”„‟", '""""')


class _Nesting(PostLex):
    """Watches parentheses and NOTs go by, so that the reader need not go deep to find them odd."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Pass every token on.

        Raises:
            LanguageError: where too many are open, or one was never opened or closed.
        """
        opened: list[Token] = []
        for token in stream:
            if token.type in ("_OPEN", "NOT"):
                opened.append(token)
                if len(opened) > messages.DEEPEST:
                    raise LanguageError(messages.TOO_DEEP, _start(token))
            else:
                self._close(token, opened)
            yield token
        unclosed = [token for token in opened if token.type == "_OPEN"]
        if unclosed:
            raise LanguageError(messages.UNCLOSED, _start(unclosed[-1]), (")",))

    def _close(self, token: Token, opened: list[Token]) -> None:
        while opened and opened[-1].type == "NOT":
            opened.pop()
        if token.type == "_CLOSE":
            if not opened:
                raise LanguageError(messages.UNOPENED, _start(token))
            opened.pop()


READER: Final = Lark.open(
    "grammar.lark",
    rel_to=__file__,
    start="either",
    parser="lalr",
    lexer="basic",
    transformer=Builder(),
    postlex=_Nesting(),
)


@lru_cache(maxsize=32_768)
def parse(expression: str) -> Expression:
    """Read a listening rule; the language is described in docs/reference/listening-rules.md.

    What was read once is remembered, so that changing one rule of ten thousand is cheap.

    Args:
        expression: what the person wrote.

    Raises:
        LanguageError: with one of `messages.MESSAGES`, the index of the character where reading
            stopped, and what could have stood there.
    """
    if len(expression) > messages.LONGEST:
        raise LanguageError(messages.TOO_LONG, messages.LONGEST)
    written = _plain_signs(expression)
    if not written.strip():
        raise LanguageError(messages.EMPTY, 0, _named({"WORD", "PHRASE", "FILTER"}))
    try:
        read: Any = READER.parse(written)
    except UnexpectedCharacters as error:
        raise _unreadable(written, error) from None
    except UnexpectedToken as error:
        raise _misplaced(written, error) from None
    loose = loose_at(read)
    if loose is not None:
        raise LanguageError(messages.ONLY_NOT, loose, _named({"WORD", "PHRASE"}))
    return read  # type: ignore[no-any-return]


def _plain_signs(expression: str) -> str:
    """Make ASCII of full-width signs, odd blanks and curly quotes, each one character for one.

    A Korean keyboard writes them easily, and positions must stay those of the original.
    """
    if not unicodedata.is_normalized("NFKC", expression):
        expression = "".join(map(_plain_sign, expression))
    return expression.translate(QUOTES)


def _plain_sign(letter: str) -> str:
    plain = unicodedata.normalize("NFKC", letter)
    return plain if len(plain) == 1 and plain.isascii() else letter


def _unreadable(written: str, error: UnexpectedCharacters) -> LanguageError:
    position = error.pos_in_stream or 0
    if written[position] == '"':
        return LanguageError(messages.UNTERMINATED, position, ('"',))
    return LanguageError(messages.UNREADABLE, position)


def _misplaced(written: str, error: UnexpectedToken) -> LanguageError:
    token = error.token
    position = len(written) if token.type == "$END" else _start(token)
    expected = _named(error.accepts or error.expected)
    message = messages.NEAR_OPERANDS if token.type == "NEAR" else messages.MISSING
    return LanguageError(message, position, expected)


def _named(terminals: set[str]) -> tuple[str, ...]:
    return tuple(words for terminal, words in EXPECTED.items() if terminal in terminals)


def _start(token: Token) -> int:
    return token.start_pos or 0

"""Every text a page may say exists in Korean, once, and with the same holes to fill."""

import re
from collections import defaultdict
from collections.abc import Iterable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from babel.messages.pofile import read_po
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

from sori.web import times

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "sori"
KOREAN = PACKAGE / "web" / "locale" / "ko"
HOLE = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")

_spec = spec_from_file_location("build_messages", ROOT / "build_messages.py")
assert _spec
assert _spec.loader
messages = module_from_spec(_spec)
_spec.loader.exec_module(messages)


def texts(one: object) -> Iterable[str]:
    return [one] if isinstance(one, str) else list(one)  # type: ignore[call-overload]


def test_it_says_everything_in_korean() -> None:
    catalog = messages.merged(KOREAN)
    missing = defaultdict(list)
    for file, line, message, context in messages.used(PACKAGE):
        if not any(texts(message)):
            continue
        if catalog.get(message if isinstance(message, str) else message[0], context) is None:
            missing[file].append(f"{line}: {message!r}")
    assert dict(missing) == {}


def test_it_leaves_the_same_holes() -> None:
    wrong = []
    for message in messages.merged(KOREAN):
        for said in texts(message.string) if message.id else ():
            # one form stands for singular and plural
            meant = [sorted(HOLE.findall(text)) for text in texts(message.id)]
            if sorted(HOLE.findall(said)) not in meant:
                wrong.append((message.id, said))
    assert wrong == []


def test_it_never_says_one_thing_in_two_ways() -> None:
    said: dict[tuple[object, str | None], dict[object, str]] = defaultdict(dict)
    for file in messages.sources(KOREAN):
        with file.open("rb") as opened:
            for message in read_po(opened):
                if message.id and message.string:
                    said[message.id, message.context][message.string] = file.name
    assert {text: ways for text, ways in said.items() if len(ways) > 1} == {}


def test_it_merges_the_fragments_of_a_language(tmp_path: Path) -> None:
    language = tmp_path / "locale" / "ko"
    for folder, name, korean in (
        ("LC_MESSAGES", "django.po", "첫째"),
        ("fragments", "a.po", "둘째"),
    ):
        (language / folder).mkdir(parents=True, exist_ok=True)
        text = f'msgid "One"\nmsgstr "{korean}"\n\nmsgid "{name}"\nmsgstr "{name}!"\n'
        (language / folder / name).write_text(text, encoding="utf-8")
    messages.compile_messages(tmp_path)
    compiled = (language / "LC_MESSAGES" / "django.mo").read_bytes().decode("utf-8", "replace")
    assert "첫째" in compiled
    assert "둘째" not in compiled
    assert "a.po!" in compiled


def test_it_speaks_the_language_the_browser_asks_for(
    django_db_blocker: DjangoDbBlocker,
) -> None:
    messages.compile_messages(PACKAGE)
    translation.trans_real._translations.clear()
    pages = {}
    for language in ("ko", "en", "fr"):
        answer = Client().get("/accounts/link/", headers={"Accept-Language": language})
        pages[language] = answer.content.decode()
    assert '<html lang="ko"' in pages["ko"]
    assert "메일로 로그인" in pages["ko"]
    assert "Sign in by mail" in pages["en"]
    assert '<html lang="ko"' in pages["fr"]


def test_it_remembers_the_language_somebody_chose() -> None:
    browser = Client(headers={"Accept-Language": "ko"})
    answer = browser.post("/language/", {"language": "en", "next": "//evil.example/"})
    assert answer["Location"] == "/"
    assert "Sign in by mail" in browser.get("/accounts/link/").content.decode()


def test_it_speaks_of_time_in_both_languages() -> None:
    messages.compile_messages(PACKAGE)
    translation.trans_real._translations.clear()
    with translation.override("ko"):
        assert times.duration(6_000) == "1시간 40분"
        assert times.duration(59) == "0분"
    with translation.override("en"):
        assert times.duration(6_000) == "1 hr 40 min"
        assert times.duration(90_000) == "1 day 1 hr"

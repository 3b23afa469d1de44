"""The shape of the house: short modules and functions, telling names, a sentence on every door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "sori"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "manager", "misc"}

LINES_A_MODULE = 400
LINES_A_FUNCTION = 40


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body:
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_it_keeps_modules_and_functions_short(path: Path):
    text = path.read_text(encoding="utf-8")
    long = [
        f"{function.name}: {lines_of_code(function)} lines"
        for function in functions(ast.parse(text))
        if lines_of_code(function) > LINES_A_FUNCTION
    ]

    assert text.count("\n") <= LINES_A_MODULE
    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_it_opens_every_module_with_a_sentence(path: Path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""

    assert docstring.split("\n\n")[0].rstrip().endswith((".", ":", "!", "?", ")"))


def test_it_has_no_room_without_a_subject():
    assert [path for path in SOURCE.rglob("*") if path.stem in EMPTY_NAMES] == []

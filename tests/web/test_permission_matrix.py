"""Every route, asked by everybody: the outcome is the one of `matrix.py`."""

import importlib.util
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from sori.lake.store import Lake
from sori.staff.permissions import PERMISSIONS, Permission

_spec = importlib.util.spec_from_file_location("matrix", Path(__file__).with_name("matrix.py"))
assert _spec
assert _spec.loader
_matrix = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_matrix)
ROUTES, PUBLIC, CLOSED = _matrix.ROUTES, _matrix.PUBLIC, _matrix.CLOSED
ANYBODY = [None, *PERMISSIONS]


class Route(NamedTuple):
    name: str
    path: str


def routes() -> list[Route]:
    return sorted(set(walk(get_resolver().url_patterns, "", "")))


def walk(patterns: list[URLPattern | URLResolver], before: str, space: str) -> Iterator[Route]:
    for pattern in patterns:
        here = before + filled(pattern)
        if isinstance(pattern, URLPattern):
            yield Route(f"{space}{pattern.name}" if pattern.name else here, f"/{here}")
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from walk(pattern.url_patterns, here, inner)


def filled(pattern: URLPattern | URLResolver) -> str:
    """The pattern as a path, with an id that belongs to nobody."""
    text = str(pattern.pattern)
    if text.startswith("^"):
        return re.sub(r"\(\?P<\w+>([^)]*)\)", matching, text.strip("^$")).replace("\\", "")
    converters = {"int": "987654321", "uuid": "00000000-0000-4000-8000-000000000000"}
    return re.sub(
        r"<(?:(\w+):)?\w+>", lambda match: converters.get(match.group(1) or "", "none"), text
    )


def matching(group: re.Match[str]) -> str:
    """Something a group of a pattern matches: a number, the first of some words, or a word."""
    if group[1].startswith(("[0-9]", r"\d")):
        return "987654321"
    return group[1].partition("|")[0] if "|" in group[1] else "none"


def outcome(response: HttpResponse) -> str:
    """Refused, sent to sign in, not there, or let in."""
    if response.status_code == 403:
        return "refused"
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "sign in"
    return "not there" if response.status_code == 404 else "in"


def allowed(role: str | None, needs: Permission) -> bool:
    return role is not None and needs in PERMISSIONS[role]


def test_it_has_a_row_for_every_route_and_a_route_for_every_row() -> None:
    assert {route.name for route in routes()} == set(ROUTES)


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("role", ANYBODY)
def test_it_lets_in_whom_the_table_lets_in(
    role: str | None, signed_in: Callable[[str], Client], lake: Lake
) -> None:
    wrong = []
    browser = signed_in(role) if role else Client()
    for route in routes():
        response = browser.get(route.path)
        needs, seen = ROUTES.get(route.name), outcome(response)
        if needs == CLOSED:
            fits = seen == "not there"
        elif needs == PUBLIC:
            # allauth's own second step sends who is not in the middle of signing in to the start
            fits = seen != "refused" and (seen != "sign in" or route.name.startswith("mfa_"))
        elif not isinstance(needs, Permission):
            fits = False
        elif allowed(role, needs):
            fits = seen in {"in", "not there"}
        else:
            fits = seen == ("refused" if role else "sign in")
        if not fits or response.status_code >= 500:
            wrong.append((route.name, route.path, needs, response.status_code))
    assert wrong == []


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("role", ANYBODY)
def test_it_refuses_writing_to_the_same_people(
    role: str | None, signed_in: Callable[[str], Client]
) -> None:
    wrong = []
    browser = signed_in(role) if role else Client()
    for route in routes():
        needs = ROUTES.get(route.name)
        if isinstance(needs, Permission) and not allowed(role, needs):
            response = browser.post(route.path, {"name": "x"})
            if outcome(response) != ("refused" if role else "sign in"):
                wrong.append((route.name, response.status_code))
    assert wrong == []

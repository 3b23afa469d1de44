"""Who belongs to the company, by mail address."""

import pytest

from sori.staff.colleagues import is_colleague, marks

pytestmark = pytest.mark.django_db


def test_it_takes_the_domains_of_the_members(make_member):
    make_member(email="Jimin@Sodam.example")

    assert is_colleague("anybody@sodam.EXAMPLE", marks())
    assert not is_colleague("anybody@sodam.example.evil.test", marks())
    assert not is_colleague("anybody@evilsodam.example", marks())


def test_it_takes_only_the_members_own_where_anybody_has_an_address(make_member):
    make_member(email="jimin@gmail.com")

    assert is_colleague("jimin@gmail.com", marks())
    assert not is_colleague("stranger@gmail.com", marks())


def test_it_takes_the_domains_the_operator_lists_instead(make_member, settings):
    settings.COLLEAGUE_DOMAINS = ("partner.example",)
    make_member(email="jimin@sodam.example")

    assert is_colleague("x@partner.example", marks())
    assert is_colleague("jimin@sodam.example", marks())
    assert not is_colleague("x@sodam.example", marks())


def test_it_forgets_who_left(make_member):
    gone = make_member(email="jimin@gmail.com")
    gone.is_active = False
    gone.save()

    assert not is_colleague("jimin@gmail.com", marks())
    assert not is_colleague("", marks())

"""Two departments and a case that one of them has."""

from collections.abc import Callable

import pytest

from desk import member, opened
from sori.lake.store import Lake
from sori.respond import services as desk
from sori.respond.models import Case
from sori.staff.models import Department, Member, Role


@pytest.fixture
def service(db: None) -> Department:
    return Department.objects.create(name="고객지원")


@pytest.fixture
def billing(db: None) -> Department:
    return Department.objects.create(name="요금·정산")


@pytest.fixture
def hire(db: None) -> Callable[..., Member]:
    """Makes a member of a department."""

    def make(name: str, department: Department | None, role: str = Role.AGENT) -> Member:
        row = member(name, role)
        row.department = department
        row.save()
        return row

    return make


@pytest.fixture
def agent(service: Department, hire: Callable[..., Member]) -> Member:
    return hire("이서연", service)


@pytest.fixture
def clerk(billing: Department, hire: Callable[..., Member]) -> Member:
    """Somebody of billing who answers no customers."""
    return hire("최준혁", billing, Role.CONTRIBUTOR)


@pytest.fixture
def case(lake: Lake, db: None) -> Case:
    """A new case whose customer waits for words of ours."""
    return opened(lake).conversation.case


@pytest.fixture
def quiet(case: Case, agent: Member) -> Case:
    """An open case in which nobody waits for words of ours: it was signed and taken up again."""
    desk.decide_no_answer(case=case.pk, member=agent, reason="nothing_to_add")
    desk.reopen(case=case.pk, member=agent)
    return Case.objects.get(pk=case.pk)

"""When a department is at work: the working hours of the policy that would hold for it."""

from sori.respond import sla
from sori.respond.models import Case
from sori.respond.policies import policies


def hours_of(case: Case, department: int) -> sla.Calendar:
    """The working hours in which a department is asked about a case; day and night if none says."""
    matter = sla.Matter(department, case.kind, case.urgency, case.channel, addressed=True)
    return sla.choose(policies(), matter).calendar

"""What an idea is called while the initiative that takes it up goes its way."""

from typing import Final

REVIEW: Final = "review"
PLANNED: Final = "planned"
MAKING: Final = "making"
SHIPPED: Final = "shipped"
DECLINED: Final = "declined"

_BY_STAGE: Final = {
    "considered": REVIEW,
    "doing": MAKING,
    "shipped": SHIPPED,
    "told": SHIPPED,
    "checked": SHIPPED,
}


def status_of(stage: str, decision: str) -> str:
    """The status of an idea whose initiative has this stage and this decision.

    A "no" stands whatever the stage is; what was put off is still looked at. Empty while the
    initiative says nothing that its idea does not say already.

    >>> status_of("decided", "yes"), status_of("decided", "later"), status_of("doing", "yes")
    ('planned', 'review', 'making')
    >>> status_of("decided", "no"), status_of("heard", "")
    ('declined', '')
    """
    if decision == "no":
        return DECLINED
    if stage == "decided":
        return PLANNED if decision == "yes" else REVIEW
    return _BY_STAGE.get(stage, "")

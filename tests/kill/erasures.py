"""Kill whoever forgets somebody, again and again, until it is done.

Run by test_erasing.py: python erasures.py STRIDE
"""

import json
import sys
from functools import partial
from typing import Final

import django

django.setup()

from dying import dying_at, ended, in_child  # noqa: E402 (Django must be set up first)
from sori.people.models import Erasure  # noqa: E402
from sori.portrait import erasing  # noqa: E402

MOST: Final = 2_000


def forget_and_die(number: int) -> None:
    """Go on with what is due, and die at a moment."""
    with dying_at(number):
        erasing.erase_due()


def main(stride: int) -> None:
    """Each life goes on where the one before was cut off, and lives a little longer."""
    lives, number = 0, 1
    while Erasure.objects.filter(finished_at=None).exists() and number < MOST:
        Erasure.objects.update(lease_until=None, due_at="2026-01-01T00:00Z")
        lives += not ended(in_child(partial(forget_and_die, number)))
        number += stride
    print(json.dumps({"lives": lives, "moments": number}))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))

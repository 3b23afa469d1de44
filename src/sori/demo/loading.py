"""Load the demo company: who works there, what it hears for sixty days, what its desk did with it.

Its voices come through the same door as everybody's (`channels.demo`); only the answers that its
desk gave in the past are written down here.
"""

from sori import flow
from sori.articles import examples
from sori.demo import (
    automation,
    changes,
    chats,
    company,
    desk,
    initiatives,
    loops,
    telling,
    wishes,
)
from sori.demo.desk import Progress
from sori.journal.models import Event
from sori.journal.services import record
from sori.listen.models import Source
from sori.staff.models import Member


def loaded() -> bool:
    """Whether the demo company is here already, whole."""
    return Event.objects.filter(kind="demo.loaded").exists()


def begun() -> bool:
    """Whether loading it was begun here."""
    return Source.objects.filter(channel="demo").exists()


def load(progress: Progress) -> None:
    """Make the company and let its customers speak for sixty days; harmless to repeat.

    Args:
        progress: told (what, done, total) from time to time.
    """
    company.found()
    company.keep_hours()
    examples.load(Member.objects.get(email=company.ADMINISTRATOR))
    sources = company.sources()
    for number, source in enumerate(sources):
        progress("Listening", number, len(sources))
        flow.turn(source)
    flow.turn(chats.talk())
    progress("Listening", len(sources), len(sources))
    flow.receive()
    desk.answer_the_past(progress)
    desk.ask_around()
    automation.write()
    initiatives.consider()
    telling.tell()
    changes.tell()
    loops.tell()
    wishes.hold()
    record("demo.loaded", "demo:1")

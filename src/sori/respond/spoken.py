"""What was answered on the spot, by telephone or at the counter, is an answer in the case."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sori.respond.answering import remember_answer
from sori.respond.models import Message
from sori.respond.routing import extra
from sori.respond.voices import Voice
from sori.staff.models import Member


def remember(voices: Iterable[Voice]) -> None:
    """Write down the answers that came with these voices, each once.

    Called inside the transaction that holds the bookmark, so nobody else does so meanwhile.
    """
    said = {voice.mention: extra(voice.row) for voice in voices if voice.channel == "calllog"}
    answered = {mention: known for mention, known in said.items() if known.get("answered")}
    if not answered:
        return
    members = Member.objects.in_bulk({known.get("member") for known in answered.values()})
    messages = Message.objects.filter(mention__in=answered, answered_by=None)
    for message in messages.order_by("pk"):
        known: Any = answered[str(message.mention)]
        if member := members.get(known.get("member")):
            at = message.at + timedelta(seconds=known.get("seconds") or 0)
            remember_answer(answers=message.pk, member=member, body=known["answered"], at=at)

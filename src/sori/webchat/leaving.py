"""Whoever has left the window and given an address is answered there.

Decided when an answer is approved, in that very transaction, by writing it into the message that is
answered: from there on the answer is frozen, checked and sent like every other mail, so it can
neither get lost nor arrive twice. Once led home, a message stays so; and while another answer to it
is still on its way nothing is changed, for that one was frozen with the address as it was.
"""

from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from sori.listen.models import Source
from sori.respond.models import Message
from sori.respond.sending import UNDECIDED
from sori.webchat.entering import CHANNEL
from sori.webchat.models import Visitor
from sori.webchat.presence import way_home

_QUOTED: Final = 3
_LONGEST: Final = 500


def lead_home(incoming: Message, **_signal: Any) -> None:
    """Turn the address of a message to the mail of a visitor who has left."""
    to = incoming.reply_address
    if incoming.conversation.channel != CHANNEL or not isinstance(to, dict) or "source" in to:
        return
    whose = Visitor.objects.select_related("source").filter(
        key=str(to.get("visitor")), source=incoming.conversation.source
    )
    visitor = whose.first()
    home = way_home(visitor) if visitor else None
    if visitor is None or home is None or not Source.objects.filter(slug=home[0]).exists():
        return
    if Message.objects.filter(answers=incoming, state__in=UNDECIDED).exists():
        return
    incoming.reply_address = {
        "source": home[0],
        "to": home[1],
        "visitor": visitor.key,
        "thread": incoming.conversation.thread,
        "opens": True,
    } | _said(visitor)
    incoming.save(update_fields=["reply_address"])


def _said(visitor: Visitor) -> dict[str, str]:
    """Subject and opening of the mail, in the language of the window."""
    newest = list(visitor.lines.order_by("-at", "-pk").values_list("text", flat=True)[:_QUOTED])
    quoted = "\n>\n".join(_quote(text) for text in reversed(newest))
    heading = str(visitor.source.settings.get("heading") or "")
    with translation.override("ko" if visitor.language == "ko" else "en"):
        subject = _("Our answer to your chat")
        asked = _("You wrote in our chat:")
    subject = f"[{heading}] {subject}" if heading else subject
    return {"subject": subject, "opening": f"{asked}\n{quoted}\n\n" if quoted else ""}


def _quote(text: str) -> str:
    cut = text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"
    return "\n".join(f"> {line}" for line in cut.splitlines())

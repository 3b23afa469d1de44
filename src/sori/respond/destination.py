"""Where an answer goes: frozen when it is approved, compared again before it is sent."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from sori.channels import registry
from sori.channels.contract import Address, SignedReplies
from sori.errors import ConfigurationError, Refused
from sori.listen.models import Source
from sori.respond.models import Message
from sori.respond.sending import Facts
from sori.staff.models import Member

ANSWERABLE = ("public", "private")


def freeze(incoming: Message, now: datetime) -> dict[str, Any]:
    """Everything that must still be true when the answer to this message is sent.

    Returns:
        mode, to and shown (the `Address`), and besides them the ids of the source that sends it,
        identity, case and message, and the digest of the account we speak from.

    Raises:
        Refused: when this message cannot be answered from here.
    """
    if incoming.reply_mode not in ANSWERABLE or not isinstance(incoming.reply_address, dict):
        raise Refused(_("This cannot be answered from here."))
    if incoming.reply_until and incoming.reply_until < now:
        raise Refused(_("The time in which this could be answered is over."))
    conversation, source = incoming.conversation, way_out(incoming)
    return {
        "mode": incoming.reply_mode,
        "to": incoming.reply_address,
        "shown": shown(incoming),
        "source": source.pk,
        "identity": conversation.identity_id,
        "case": conversation.case_id,
        "answers": incoming.pk,
        "account": account(source),
    }


def received(message: int) -> Message:
    """A received message with the source it came by."""
    return Message.objects.select_related("conversation__source").get(pk=message)


def answering_channel(incoming: Message) -> Any:
    """The channel that would take an answer to a message; None when it is not installed."""
    try:
        return registry.channel(way_out(incoming).channel)
    except ConfigurationError:
        return None


def signs(incoming: Message) -> bool:
    """Whether the answer to a message shows who wrote it."""
    signing = isinstance(answering_channel(incoming), SignedReplies)
    return signing and bool(way_out(incoming).settings.get("sign", True))


def signed_by(writer: Member) -> dict[str, str]:
    """How whoever writes an answer is named under it: as they showed themselves when it was
    approved."""
    return {"name": writer.name, "about": writer.about}


def way_out(incoming: Message) -> Source:
    """The source that sends the answer: the message's own, unless its channel names another.

    A web form cannot send anything; it names the mailbox that answers for it.
    """
    to = incoming.reply_address if isinstance(incoming.reply_address, dict) else {}
    named = to.get("source")
    other = Source.objects.filter(slug=named).first() if isinstance(named, str) and named else None
    return other or incoming.conversation.source


def shown(incoming: Message) -> str:
    """The address in words: what the channel calls it, else where it leads, else the account."""
    to = incoming.reply_address if isinstance(incoming.reply_address, dict) else {}
    for name in ("shown", "to"):
        if isinstance(to.get(name), str) and to[name]:
            return str(to[name])
    return incoming.conversation.identity.external_id


def address(destination: dict[str, Any]) -> Address:
    """The frozen destination as a channel wants it."""
    return Address(destination["mode"], destination["to"], destination["shown"])


def where(answer: Message) -> dict[str, Any]:
    """Where an answer would go as things are now; nowhere when what it answers was erased.

    A mail that tells news goes to the account it was opened for.
    """
    if answer.answers is not None:
        return answer.answers.reply_address or {}
    to = (answer.destination or {}).get("to") or {}
    return to | {"to": answer.conversation.identity.external_id} if answer.notice else {}


def account(source: Source) -> str:
    """A digest of the account a source speaks from: its channel and its settings, no secrets."""
    said = json.dumps([source.channel, source.settings], sort_keys=True, ensure_ascii=False)
    return sha256(said.encode()).hexdigest()


def approved(answer: Message) -> Facts:
    """What the answer stood on when a person approved it."""
    frozen = answer.destination or {}
    return Facts(
        body=answer.body_digest,
        destination=frozen.get("to") or {},
        identity=int(frozen.get("identity") or 0),
        case=int(frozen.get("case") or 0),
        account=str(frozen.get("account") or ""),
    )

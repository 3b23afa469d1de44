"""Ideas of customers are voices too: they come in by the same door as everything people say."""

from django.utils.translation import gettext as _

from sori.change.ideas.models import Idea
from sori.listen.models import Source
from sori.listen.services import add_source
from sori.listen.services import take_in as deliver
from sori.mention import mention_id
from sori.people.models import Identity, Person
from sori.staff.models import Member

CHANNEL = "portal"
"""What the portal is called as a channel, and the accounts of its visitors with it."""


def ensure_source(member: Member | None) -> None:
    """Have what is written on the public portal listened to, once for all boards."""
    if not Source.objects.filter(channel=CHANNEL).exists():
        add_source(name=_("Ideas portal"), channel=CHANNEL, settings={}, member=member)


def take_in(idea: Idea, person: Person) -> None:
    """Let an idea be understood like any other voice; nothing where the portal is not listened to.

    To be called in the transaction that writes it.
    """
    listening = Source.objects.filter(channel=CHANNEL).exclude(state=Source.State.PAUSED)
    source = listening.order_by("pk").first()
    account = Identity.objects.filter(channel=CHANNEL, person=person).order_by("pk").first()
    if source is None or account is None:
        return
    body = {
        "title": idea.title,
        "text": idea.body,
        "name": account.name,
        "email": account.external_id,
        "board": idea.board.name,
        "idea": idea.pk,
    }
    taken = deliver(source=source, key=f"idea-{idea.pk}", body=body)
    idea.mention = mention_id(CHANNEL, f"{source.pk}:{taken.key}", taken.received_at)
    Idea.objects.filter(pk=idea.pk).update(mention=idea.mention)

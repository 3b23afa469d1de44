"""What somebody wants to do on the portal, written down until we know who they are.

A wish is one of four deeds with its words. It travels signed through the page that asks for a mail
address, lies with the link that is mailed there, and is done when the link is opened; whoever is
known already has it done at once. So every deed goes one way.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from sori.change.ideas import taking_part
from sori.change.ideas.models import PUBLIC, Audience, Board, Idea, State
from sori.change.ideas.taking_part import Actor
from sori.errors import Refused

Wish = dict[str, Any]
_SALT: Final = "sori.ideas.wish"
_LASTS: Final = 12 * 3600


def sealed(wish: Wish) -> str:
    """A wish as it travels through a page."""
    return signing.dumps(wish, salt=_SALT, compress=True)


def unsealed(text: str) -> Wish:
    """A wish that came back; an empty one where it is not ours, altered or too old."""
    try:
        wish = signing.loads(text, salt=_SALT, max_age=_LASTS) if text else {}
    except signing.BadSignature:
        return {}
    return wish if isinstance(wish, dict) else {}


def fulfil(actor: Actor, wish: Wish) -> str:
    """Do what somebody wanted; returns the address of the page that shows it.

    Raises:
        Refused: it cannot be done, or not any more.
    """
    deed = _DEEDS.get(str(wish.get("deed", "")))
    if deed is None:
        return reverse("ideas:portal", kwargs={"language": actor.language})
    return deed(actor, wish)


def _propose(actor: Actor, wish: Wish) -> str:
    public = Board.objects.filter(audience=Audience.PUBLIC)
    board = public.filter(pk=int(wish["board"])).first()
    if board is None:
        raise Refused(_("This board is gone. Please choose another one."))
    # the page names the wish, whoever sends it: nobody meets the idea of somebody else by a name
    who = actor.person.pk if actor.person else f"m{actor.member.pk if actor.member else 0}"
    key = salted_hmac(_SALT, f"{who}:{wish['key']}", algorithm="sha256").hexdigest()
    idea = taking_part.propose(
        actor=actor, board=board, title=wish["title"], body=wish["body"], key=key
    )
    if idea.state != State.OPEN:
        return reverse("ideas:portal", kwargs={"language": actor.language}) + "?done=waiting"
    return _page(actor, idea) + "?done=sent"


def _vote(actor: Actor, wish: Wish) -> str:
    idea = _idea(wish)
    taking_part.vote(actor=actor, idea=idea)
    return _page(actor, idea) + "?done=voted"


def _unvote(actor: Actor, wish: Wish) -> str:
    idea = _idea(wish)
    taking_part.take_vote_back(actor=actor, idea=idea)
    return _page(actor, idea)


def _follow(actor: Actor, wish: Wish) -> str:
    idea = _idea(wish)
    taking_part.follow(actor=actor, idea=idea)
    return _page(actor, idea) + "?done=followed"


def _unfollow(actor: Actor, wish: Wish) -> str:
    idea = _idea(wish)
    taking_part.unfollow(actor=actor, idea=idea)
    return _page(actor, idea)


def _comment(actor: Actor, wish: Wish) -> str:
    idea = _idea(wish)
    made = taking_part.comment(actor=actor, idea=idea, body=wish["body"])
    return _page(actor, idea) + f"?done={'said' if made.state == State.OPEN else 'saying'}#comments"


_DEEDS: Final[Mapping[str, Callable[[Actor, Wish], str]]] = MappingProxyType(
    {
        "propose": _propose,
        "vote": _vote,
        "unvote": _unvote,
        "follow": _follow,
        "unfollow": _unfollow,
        "comment": _comment,
    }
)


def _idea(wish: Wish) -> Idea:
    idea = Idea.objects.filter(PUBLIC, pk=int(wish["idea"])).first()
    if idea is None:
        raise Refused(_("This idea is not shown any more."))
    return idea


def _page(actor: Actor, idea: Idea) -> str:
    return reverse("ideas:idea", kwargs={"language": actor.language, "idea": idea.pk})

"""The company's own tree of topics: read it, edit it, let it learn from corrections."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import ConfigurationError, Refused
from sori.journal.services import record
from sori.lessons.models import Correction, TopicTree
from sori.staff.models import Member
from sori.understand.topiclearning import Correction as Told
from sori.understand.topiclearning import learn
from sori.understand.topictree import Topic, Tree, shipped

_kept: tuple[int, Tree] | None = None


def own_tree() -> Tree | None:
    """The tree as it was last edited; None while nobody has touched the one that ships.

    To be asked at every turn: asking costs one small question, and the text is read only when it
    has changed.
    """
    global _kept
    newest = TopicTree.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return None
    if _kept is None or _kept[0] != newest:
        _kept = newest, Tree.parse(TopicTree.objects.get(pk=newest).text)
    return _kept[1]


def tree() -> Tree:
    """The tree that counts."""
    return own_tree() or shipped()


def save_tree(*, text: str, member: Member) -> TopicTree:
    """Let another tree count from the next turn of every worker on.

    Args:
        text: TOML, see `understand.topictree`.
        member: who wrote it.

    Raises:
        Refused: it cannot be read; says all that is wrong, a line each.
    """
    try:
        read = Tree.parse(text)
    except ConfigurationError as error:
        raise Refused(str(error)) from error
    with write_atomic():
        before = TopicTree.objects.order_by("-pk").values_list("pk", flat=True).first()
        kept = TopicTree.objects.create(text=read.dump(), member=member, at=timezone.now())
        record("tree.changed", "topics", member=member, tree=kept.pk, before=before)
    return kept


def save_topic(*, topic: Topic, member: Member, new: bool = False) -> TopicTree:
    """Write one topic into the tree: in the place of the one of its name, or as a new one.

    Raises:
        Refused: the tree cannot be read with it, it is there already, or its group is not.
    """
    topics = list(tree().topics)
    slugs = [one.slug for one in topics]
    if new == (topic.slug in slugs):
        raise Refused(_("There is such a topic already.") if new else _("There is no such topic."))
    if new:
        topics.insert(_place(slugs, topic), topic)
    else:
        topics[slugs.index(topic.slug)] = topic
    return save_tree(text=Tree(tuple(topics)).dump(), member=member)


def delete_topic(*, slug: str, member: Member) -> TopicTree:
    """Take a topic out of the tree; a group goes with everything in it."""
    left = [
        one for one in tree().topics if one.slug != slug and not one.slug.startswith(f"{slug}.")
    ]
    if len(left) == len(tree().topics):
        raise Refused(_("There is no such topic."))
    return save_tree(text=Tree(tuple(left)).dump(), member=member)


def learn_topics(rest: Sequence[str] = ()) -> int:
    """Learn the company's own phrases from the mentions whose topics people corrected.

    What people wrote into the tree is never touched.

    Args:
        rest: further mentions nobody corrected, so that common words are known as common.

    Returns:
        How many phrases are learned now.
    """
    rows = Correction.objects.filter(label="topics").select_related("example").order_by("pk")
    told = [Told(f"{one.example.title} {one.example.text}", tuple(one.value)) for one in rows]
    before = tree()
    after = learn(before, told, rest)
    phrases = sum(len(one.learned) for one in after.topics)
    if after != before:
        with write_atomic():
            kept = TopicTree.objects.create(text=after.dump(), member=None, at=timezone.now())
            record("tree.learned", "topics", tree=kept.pk, phrases=phrases)
    return phrases


def _place(slugs: Sequence[str], topic: Topic) -> int:
    """Behind the last topic of its group; a new group at the end."""
    if topic.slug == topic.group:
        return len(slugs)
    if topic.group not in slugs:
        raise Refused(_("There is no such group: %(group)s.") % {"group": topic.group})
    return max(at for at, slug in enumerate(slugs) if slug.partition(".")[0] == topic.group) + 1


def edited(before: Topic, **fields: str) -> Topic:
    """A topic with what a form says: names, and lists of phrases, one a line.

    Args:
        before: as it was; what it has learned stays.
        fields: ko, en, phrases, hints, unless.
    """
    lists = {
        name: tuple(line for line in fields[name].splitlines() if line.strip())
        for name in ("phrases", "hints", "unless")
    }
    named = replace(before, ko=fields["ko"].strip(), en=fields["en"].strip())
    return replace(named, phrases=lists["phrases"], hints=lists["hints"], unless=lists["unless"])

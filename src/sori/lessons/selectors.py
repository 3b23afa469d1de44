"""Read what people corrected: for a page, for the lake, and for the figures of the model page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as marked

from sori.database import chunks
from sori.lessons.choosing import topic_names
from sori.lessons.labels import ASKED, LABELS, Label, head_word
from sori.lessons.models import Correction, Example, Training, Version
from sori.understand.evidence import Share

_VERDICTS: Final = {
    "better": marked("better: switched on"),
    "too_few": marked("too few to tell"),
    "not_better": marked("not better beyond chance: left off"),
    "worse_than_now": marked("worse than what is in use: left off"),
}


class Right(NamedTuple):
    """How often people agreed with one label.

    Attributes:
        label: its name.
        lang: the language of the voices.
        of: what the machine had said; "" for anything.
        random: of voices that chance chose: how many it had right.
        chosen: of voices that people chose to judge: how many it had right.
        unsaid: voices of which it had said nothing.
    """

    label: str
    lang: str
    of: str
    random: Share
    chosen: Share
    unsaid: int


def corrections(mentions: Iterable[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """What people said of some mentions: by mention and label, with value, agreed, at and by."""
    wanted = sorted(set(mentions))
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    columns = ("label", "value", "agreed", "at")
    for piece in chunks(wanted):
        some = Correction.objects.filter(example__mention__in=piece)
        for row in some.values(*columns, mention=F("example__mention"), by=F("member__name")):
            found[row.pop("mention")][row.pop("label")] = row
    return dict(found)


def corrected(first: str, last: str) -> dict[str, dict[str, Any]]:
    """What people said of the mentions between two ids: values by mention and label.

    Ids begin with their day, so one question serves a delivery or a partition of any size.
    """
    rows = Correction.objects.filter(example__mention__range=(first, last))
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for mention, label, value in rows.values_list("example__mention", "label", "value"):
        found[mention][label] = value
    return dict(found)


def labels_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A mention, with `id` and its labels as columns, as the palette shows it; see `shown`."""
    return shown(row["id"], row, corrections([row["id"]]).get(row["id"], {}))


def shown(
    mention: str, said: Mapping[str, Any], corrected: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The labels of a mention as the palette shows them.

    Args:
        mention: its id.
        said: what the machine said, by label; labels that are absent are not known here.
        corrected: what people said; see `corrections`.

    Returns:
        `mention`, and `labels`: each with name, title, value, words, by (who corrected it, or ""),
        right (who confirmed it, or ""), quiet (it needs no word), and its choices: name, word,
        code, key and whether it is chosen.
    """
    labels = [
        _shown(label, said.get(label.name), corrected.get(label.name)) for label in LABELS.values()
    ]
    return {"mention": mention, "labels": labels}


def training() -> dict[str, Any] | None:
    """The last training: waiting, done (0 to 1), error, asked_at, finished_at, version."""
    last = Training.objects.select_related("version").order_by("-pk").first()
    if last is None:
        return None
    return {
        "waiting": last.waiting,
        "begun": last.fence > 0,
        "done": last.done,
        "error": last.error,
        "asked_at": last.asked_at,
        "finished_at": last.finished_at,
        "version": _version(last.version) if last.version else None,
    }


def versions(limit: int = 20) -> list[dict[str, Any]]:
    """The company's own heads, newest first: number, state, base, examples, heads, by, ..."""
    rows = Version.objects.defer("weights").select_related("member").order_by("-number")[:limit]
    return [_version(row) for row in rows]


def counts() -> dict[str, int]:
    """How much people have taught: examples, corrected and confirmed labels, voices by chance."""
    labels = Correction.objects.aggregate(
        corrected=Count("pk", filter=Q(agreed=False)), confirmed=Count("pk", filter=Q(agreed=True))
    )
    examples = Example.objects.aggregate(
        examples=Count("pk"), by_chance=Count("pk", filter=Q(random=True))
    )
    return {**examples, **labels}


def accuracy(model: str) -> list[Right]:
    """How often people agreed with a model, by label and language, and for kinds by kind too."""
    rows = (
        Correction.objects.filter(model=model, label__in=ASKED)
        .values("label", "said", lang=F("example__lang"), by_chance=F("example__random"))
        .annotate(judged=Count("pk"), right=Count("pk", filter=Q(agreed=True)))
    )
    cells: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0] * 5)
    for row in rows:
        for of in {"", str(row["said"]) if row["label"] == "kind" else ""}:
            cell = cells[row["label"], row["lang"], of]
            if row["said"] is None:
                cell[4] += row["judged"]
                continue
            at = 0 if row["by_chance"] else 2
            cell[at] += row["right"]
            cell[at + 1] += row["judged"]
    return [
        Right(label, lang, of, Share(*cell[:2]), Share(*cell[2:4]), cell[4])
        for (label, lang, of), cell in sorted(cells.items(), key=_order)
        if of != "None"
    ]


def _order(cell: tuple[tuple[str, str, str], list[int]]) -> tuple[int, int, str, str]:
    """In the order of the palette, the language most was judged in first."""
    (label, lang, of), counts = cell
    return ASKED.index(label), -counts[1] - counts[3], lang, of


def _shown(label: Label, said: Any, judged: Mapping[str, Any] | None) -> dict[str, Any]:
    value = judged["value"] if judged else said
    chosen = value if label.many and value is not None else [value]
    by = judged["by"] if judged else ""
    right = bool(judged and judged["agreed"])
    silent = label.name == "topics" or not value
    return {
        "name": label.name,
        "title": label.title(),
        "value": value,
        "words": _said(label, value),
        "by": "" if right else by,
        "right": by if right else "",
        "quiet": judged is None and silent and label.name not in ASKED,
        "choices": [
            {
                "name": choice.name,
                "word": label.said_of(choice.value),
                "code": choice.code,
                "key": choice.key,
                "chosen": choice.value in chosen,
            }
            for choice in label.choices
        ],
    }


def _said(label: Label, value: Any) -> str:
    """A value in words; of topics their names, one that is no longer in the tree as it is."""
    if label.name == "topics" and value:
        names = topic_names()
        return ", ".join(names.get(one, one) for one in value)
    return label.said(value)


def _head(head: str, one: Mapping[str, Any]) -> dict[str, Any]:
    change = (one["gained"] - one["lost"]) / one["voices"] if one["voices"] else 0.0
    return {
        **one,
        "word": head_word(head),
        "told": one["verdict"] != "too_few",
        "verdict_word": gettext(_VERDICTS[one["verdict"]]),
        "share_after": one["share"] + change,
        "moved_share": one["moved"] / one["unjudged"] if one["unjudged"] else 0.0,
    }


def _version(row: Version) -> dict[str, Any]:
    heads = [_head(head, one) for head, one in row.figures.items() if one["judged"]]
    return {
        "number": row.number,
        "state": row.state,
        "state_word": row.get_state_display(),
        "base": row.base,
        "examples": row.examples,
        "by": row.member.name if row.member else "",
        "made_at": row.made_at,
        "activated_at": row.activated_at,
        "heads": heads,
        "better": [one["word"] for one in heads if one["verdict"] == "better"],
    }

"""What speaks for an initiative, as a page shows it: live words, as far as the reader may see them.

Themes, cases and sentences are read where they are at home, so that what is renamed or forgotten
there is renamed or forgotten here.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.urls import reverse

from sori.change import voices
from sori.change.ideas.models import Audience, Idea, State
from sori.change.initiatives.models import Evidence
from sori.change.models import Theme
from sori.lake.query import Reader
from sori.mention import day_of, is_id
from sori.respond.models import Case
from sori.respond.prose import visible
from sori.respond.selectors import cases_of
from sori.sql import read_sql

_ROOM: Final = "change.initiatives"
_Sort = Evidence.Sort


def shown(reader: Reader, pieces: Sequence[Evidence], *, private: bool) -> list[dict[str, Any]]:
    """Pieces of evidence as dictionaries, in a fixed number of questions.

    Args:
        reader: the lake.
        pieces: of one initiative.
        private: whether the reader may read letters, not only what all the world can read.

    Returns:
        Each with sort, key, word (of its sort), title, quote, path, voices, people, said (the
        mention, of a sentence that may be read), case (the number of the case a sentence is in),
        hidden (its words may not be read) and gone (there is nothing any more).
    """
    keys = {sort: [one.key for one in pieces if one.sort == sort] for sort in _Sort.values}
    themes = Theme.objects.in_bulk([int(key) for key in keys[_Sort.THEME]])
    cases = Case.objects.in_bulk([int(key) for key in keys[_Sort.CASE]])
    said = sentences(reader, keys[_Sort.MENTION], private=private)
    ideas = Idea.objects.select_related("board").in_bulk([int(key) for key in keys[_Sort.IDEA]])
    within = cases_of(keys[_Sort.MENTION]) if private and keys[_Sort.MENTION] else {}
    found = []
    for one in pieces:
        row: dict[str, Any] = {
            "sort": one.sort,
            "key": one.key,
            "word": one.get_sort_display(),
            "title": "",
            "quote": "",
            "path": "",
            "voices": None,
            "people": None,
            "said": None,
            "case": None,
            "hidden": False,
            "gone": False,
        }
        if one.sort == _Sort.THEME:
            row |= _of_theme(themes.get(int(one.key)), private=private)
        elif one.sort == _Sort.CASE:
            row |= _of_case(cases.get(int(one.key)), private=private)
        elif one.sort == _Sort.MENTION:
            row |= _of_sentence(said.get(one.key)) | {"case": within.get(one.key)}
        else:
            row |= _of_idea(ideas.get(int(one.key)), private=private)
        found.append(row)
    return found


def sentences(
    reader: Reader, mentions: Sequence[str], *, private: bool
) -> dict[str, dict[str, Any]]:
    """Single mentions by their ids, as pages show voices; what may not be read has no words."""
    known = [one for one in mentions if is_id(one)]
    if not known:
        return {}
    partition = day_of(min(known))
    rows = reader.table(read_sql(_ROOM, "sentences"), partition=partition, ids=known).to_pylist()
    found = {}
    for row in rows:
        row["hidden"] = not (row["public"] or private)
        shown_ = voices.shown(row, private=private)
        if row["hidden"]:
            shown_ |= {"text": "", "author": "", "url": ""}
        found[row["id"]] = shown_
    return found


def _of_theme(theme: Theme | None, *, private: bool) -> dict[str, Any]:
    if theme is None:
        return {"gone": True}
    return {
        "title": theme.name,
        "quote": theme.central if theme.central_public or private else "",
        "path": reverse("change:theme", kwargs={"theme": theme.pk}),
        "voices": theme.voices,
        "people": theme.people,
    }


def _of_idea(idea: Idea | None, *, private: bool) -> dict[str, Any]:
    """What is shown to all the world may be read by all; the rest by whoever may read letters."""
    if idea is None:
        return {"gone": True}
    readable = private or (idea.board.audience == Audience.PUBLIC and idea.state == State.OPEN)
    if not readable:
        return {"title": f"#{idea.pk}", "hidden": True}
    path = reverse("ideas:one", kwargs={"idea": idea.pk})
    if not idea.title:  # its author was forgotten
        return {"title": f"#{idea.pk}", "hidden": True}
    return {"title": visible(idea.title), "quote": visible(idea.body)[:400], "path": path}


def _of_case(case: Case | None, *, private: bool) -> dict[str, Any]:
    if case is None:
        return {"gone": True}
    if not private:
        return {"title": f"#{case.pk}", "hidden": True}
    return {
        "title": f"#{case.pk} {visible(case.subject)}",
        "quote": visible(case.excerpt) if case.excerpt != case.subject else "",
        "path": reverse("respond:case", kwargs={"case": case.pk}),
    }


def _of_sentence(said: dict[str, Any] | None) -> dict[str, Any]:
    if said is None:
        return {"gone": True}
    return {"said": said, "hidden": said["hidden"], "quote": said["text"]}

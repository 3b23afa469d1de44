"""What mentions are about: as the lake says it, unless a person said otherwise."""

from collections.abc import Collection
from typing import Final

import pyarrow as pa

from sori.lessons.selectors import corrections
from sori.lessons.topics import tree
from sori.listen import memory
from sori.mention import day_of
from sori.sql import read_sql

_LABEL: Final = "topics"


def topics_of(mentions: Collection[str]) -> dict[str, frozenset[str]]:
    """The topics of each mention, with their groups; absent is what nobody knows any more.

    That is so of what was forgotten, and of what was understood before there were topics.

    Raises:
        LakeError: the lake could not be read.
    """
    if not mentions:
        return {}
    table = memory.reader().table(
        read_sql("automation", "topics"),
        beside={"wanted": pa.table({"id": sorted(mentions)})},
        partition=day_of(min(mentions)),
    )
    found = {row["id"]: row["topics"] for row in table.to_pylist()}
    for mention, said in corrections(mentions).items():
        if _LABEL in said:
            found[mention] = said[_LABEL]["value"]
    groups = {topic.slug: topic.group for topic in tree().topics}
    return {
        mention: frozenset({*topics, *(groups[one] for one in topics if one in groups)})
        for mention, topics in found.items()
    }

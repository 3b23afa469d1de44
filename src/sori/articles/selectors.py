"""What the desk sees of articles: the list, one of them, its revisions, its shelf."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from sori.articles import index
from sori.articles.models import Article, ArticleText, Category, Language, Revision, Visits, Vote

STATES: Final = ("published", "draft", "archived")
PAGE: Final = 200


class Part(NamedTuple):
    """A line of a comparison: kept (""), added ("+") or taken out ("-")."""

    sign: str
    words: str


def articles(
    *, query: str = "", state: str = "", visibility: str = "", category: int | None = None
) -> list[dict[str, Any]]:
    """Articles with their titles and figures, in the order of their shelves.

    Args:
        query: words; with them the best fitting first.
        state: one of STATES, or "" for all but those put away.
        visibility: public, internal or "" for both.
        category: only of this shelf; 0 for those on none.
    """
    rows = Article.objects.all()
    rows = rows.filter(state=state) if state else rows.exclude(state=Article.State.ARCHIVED)
    if visibility:
        rows = rows.filter(visibility=visibility)
    if category is not None:
        rows = rows.filter(category=category or None)
    order: dict[int, int] = {}
    if query:
        texts = index.desk(query)
        owners = dict(ArticleText.objects.filter(pk__in=texts).values_list("pk", "article_id"))
        for text in texts:
            order.setdefault(owners[text], len(order))
        rows = rows.filter(pk__in=order)
    rows = rows.order_by(F("category__position").asc(nulls_last=True), "position", "pk")
    found = [dict(row) for row in _with_figures(rows)[:PAGE]]
    _with_titles(found)
    return sorted(found, key=lambda row: order[row["id"]]) if query else found


def counts() -> dict[str, int]:
    """How many articles there are in each state."""
    rows = Article.objects.values_list("state").annotate(count=Count("pk")).order_by()
    return dict.fromkeys(STATES, 0) | dict(rows)


def article(pk: int) -> dict[str, Any] | None:
    """One article with its figures and its texts, each with what waits; None if there is none."""
    row = _with_figures(Article.objects.filter(pk=pk)).first()
    if row is None:
        return None
    found = dict(row)
    _with_titles([found])
    return found


def revisions(text: int) -> list[dict[str, Any]]:
    """What a text said, newest first: number, title, at, member_name."""
    rows = Revision.objects.filter(text=text).order_by("-number")
    fields = ("id", "number", "title", "at")
    return [dict(row) for row in rows.values(*fields, member_name=F("member__name"))[:PAGE]]


def compared(before: str, after: str) -> list[Part]:
    """Two bodies line by line."""
    old, new = before.splitlines(), after.splitlines()
    parts: list[Part] = []
    for sort, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if sort == "equal":
            parts += [Part("", line) for line in old[i1:i2]]
            continue
        parts += [Part("-", line) for line in old[i1:i2]]
        parts += [Part("+", line) for line in new[j1:j2]]
    return parts


def categories() -> list[dict[str, Any]]:
    """Shelves in their order: id, name, name_en, and how many articles they hold."""
    rows = Category.objects.order_by("position", "pk")
    counted = rows.annotate(
        count=Count("articles", filter=~Q(articles__state=Article.State.ARCHIVED))
    )
    return [dict(row) for row in counted.values("id", "name", "name_en", "count")]


def _with_figures(rows: Any) -> Any:
    votes = Vote.objects.filter(article=OuterRef("pk")).order_by().values("article")
    visits = Visits.objects.filter(article=OuterRef("pk")).order_by().values("article")
    return rows.annotate(
        views=Coalesce(Subquery(visits.annotate(sum=Sum("count")).values("sum")), 0),
        yes=Coalesce(Subquery(votes.annotate(n=Count("pk", Q(helpful=True))).values("n")), 0),
        no=Coalesce(Subquery(votes.annotate(n=Count("pk", Q(helpful=False))).values("n")), 0),
    ).values(
        "id", "visibility", "state", "published_at", "used_at", "created_at", "category_id",
        "views", "yes", "no", category_name=F("category__name"), author_name=F("author__name"),
    )  # fmt: skip


def _with_titles(rows: Sequence[dict[str, Any]]) -> None:
    """Give rows `texts` (language -> text), a `title`, and whether something `waits`."""
    texts = ArticleText.objects.filter(article__in=[row["id"] for row in rows])
    newest = texts.annotate(newest=Max("revisions__number")).values(
        "id", "article_id", "language", "title", "slug", "body", "shown", "updated_at", "newest"
    )
    by_article: dict[int, dict[str, Any]] = {row["id"]: {} for row in rows}
    for found in newest:
        text = {**found, "waits": found["newest"] > found["shown"]}
        by_article[text["article_id"]][text["language"]] = text
    for row in rows:
        row["texts"] = by_article[row["id"]]
        first = row["texts"].get(Language.KO) or row["texts"].get(Language.EN) or {}
        row["title"] = first.get("title", "")
        row["updated_at"] = max(
            (text["updated_at"] for text in row["texts"].values()), default=None
        )
        row["waits"] = any(text["waits"] for text in row["texts"].values())

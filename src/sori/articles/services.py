"""Write articles, publish them, put them away; every change leaves its words and its event."""

import re
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from sori.articles import index, prose
from sori.articles.models import Article, ArticleText, Category, Picture, Revision
from sori.database import shift, unique, write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.staff.models import Member
from sori.staff.permissions import Permission, allows

State = Article.State
_TRIES: Final = 8


def begin(
    *, member: Member, language: str, title: str, body: str, visibility: str, category: int | None
) -> Article:
    """Write the first words of a new article."""
    with write_atomic():
        article = Article.objects.create(
            author=member,
            visibility=visibility,
            category_id=category,
            created_at=timezone.now(),
            position=(Article.objects.aggregate(last=Max("position"))["last"] or 0) + 1,
        )
        write(article=article, member=member, language=language, title=title, body=body, base=0)
        return article


def place(*, article: Article, member: Member, visibility: str, category: int | None) -> None:
    """Say who may read an article and on which shelf it stands.

    Raises:
        Refused: it is published and the member may not decide who reads it.
    """
    with write_atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        if (row.visibility, row.category_id) == (visibility, category):
            return
        if row.visibility != visibility and not _may_change(row, member):
            raise Refused(_("Who reads a published article is decided by a supervisor."))
        row.visibility, row.category_id = visibility, category
        row.save(update_fields=["visibility", "category"])
        record("article.placed", f"article:{row.pk}", member=member, visibility=visibility)


def write(
    *, article: Article, member: Member, language: str, title: str, body: str, base: int
) -> bool:
    """Keep new words of an article in one language.

    Args:
        article: which one.
        member: who writes.
        language: ko or en.
        title: what it is called.
        body: Markdown.
        base: the number of the revision the writer began with, 0 for none.

    Returns:
        Whether readers see them; those of a published article wait until somebody who may
        publish has looked.

    Raises:
        Refused: somebody else wrote meanwhile.
    """
    with write_atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        text = _text(row, language, title)
        newest = text.revisions.aggregate(newest=Max("number"))["newest"] or 0
        if newest != base:
            raise Refused(_("Somebody else changed this meanwhile. Look at their words first."))
        revision = Revision.objects.create(
            text=text, number=newest + 1, title=title, body=body, member=member, at=timezone.now()
        )
        shown = _may_change(row, member)
        if shown:
            _show(row, text, revision)
        about = f"article:{row.pk}"
        data = {"language": language, "revision": revision.number}
        record("article.written", about, member=member, **data)
        return shown


def restore(*, revision: Revision, member: Member) -> None:
    """Let readers see a revision: one that waits, or an earlier one, which is written anew.

    Raises:
        Refused: the article is published and the member may not publish.
    """
    with write_atomic():
        text = ArticleText.objects.select_related("article").get(pk=revision.text_id)
        article = Article.objects.select_for_update().get(pk=text.article_id)
        if not _may_change(article, member):
            raise Refused(_("What a published article says is decided by a supervisor."))
        newest = text.revisions.aggregate(newest=Max("number"))["newest"] or 0
        chosen = revision
        if revision.number < newest:
            chosen = Revision.objects.create(
                text=text,
                number=newest + 1,
                title=revision.title,
                body=revision.body,
                member=member,
                at=timezone.now(),
            )
        _show(article, text, chosen)
        data = {"language": text.language, "revision": revision.number}
        record("article.restored", f"article:{article.pk}", member=member, **data)


def publish(*, article: Article, member: Member) -> None:
    """Let its readers read it, with the newest words of every language.

    Raises:
        Refused: it has no words.
    """
    with write_atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        texts = list(row.texts.all())
        if not texts:
            raise Refused(_("There is nothing to publish yet."))
        for text in texts:
            newest = text.revisions.order_by("-number")[:1].get()
            if newest.number != text.shown:
                _show(row, text, newest)
        _move(row, State.PUBLISHED, "article.published", member)


def withdraw(*, article: Article, member: Member) -> None:
    """Take it out of its readers' sight to be written on."""
    with write_atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        _move(row, State.DRAFT, "article.withdrawn", member)


def archive(*, article: Article, member: Member) -> None:
    """Put it away: it is found by writers alone, and can come back."""
    with write_atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        _move(row, State.ARCHIVED, "article.archived", member)


def use(*, article: Article, case: int, member: Member, how: str) -> None:
    """Write down that an article was put into an answer: `how` is "link" or "text"."""
    with write_atomic():
        Article.objects.filter(pk=article.pk).update(used_at=timezone.now())
        about = f"article:{article.pk}"
        record("article.used", about, member=member, article=article.pk, case=case, how=how)


def keep_category(
    *, member: Member, name: str, name_en: str = "", category: Category | None = None
) -> Category:
    """Name a shelf, or name it anew.

    Raises:
        Refused: there is another of this name.
    """
    row = category or Category(
        position=(Category.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    )
    row.name, row.name_en = name, name_en
    with write_atomic():
        with unique(_("There is another category of this name.")):
            row.save()
        record("category.kept", f"category:{row.pk}", member=member, name=name)
        return row


def raise_category(*, category: Category, member: Member) -> None:
    """Change places with the shelf before it."""
    with write_atomic():
        shift(Category.objects.all(), category.pk, -1)
        record("category.moved", f"category:{category.pk}", member=member)


def delete_category(*, category: Category, member: Member) -> None:
    """Take a shelf away; its articles stay, on none."""
    with write_atomic():
        about = f"category:{category.pk}"
        record("category.deleted", about, member=member, name=category.name)
        category.delete()


def _may_change(article: Article, member: Member) -> bool:
    """Whether what this member writes is seen at once."""
    return article.state != State.PUBLISHED or allows(member, Permission.PUBLISH_ARTICLE)


def _move(article: Article, state: str, kind: str, member: Member) -> None:
    if article.state == state:
        return
    article.state = state
    if state == State.PUBLISHED and article.published_at is None:
        article.published_at = timezone.now()
    article.save(update_fields=["state", "published_at"])
    record(kind, f"article:{article.pk}", member=member)


def _text(article: Article, language: str, title: str) -> ArticleText:
    """The article's text of a language, made if there is none."""
    found = ArticleText.objects.filter(article=article, language=language).first()
    made = {"title": title, "body": "", "updated_at": timezone.now()}
    return found or _with_slug(ArticleText(article=article, language=language, **made))


def _show(article: Article, text: ArticleText, revision: Revision) -> None:
    """Make a revision what readers see."""
    text.title, text.body, text.shown = revision.title, revision.body, revision.number
    text.updated_at = timezone.now()
    if article.published_at is None and not text.slug.startswith(_slug(text.title)):
        text.slug = ""
    _with_slug(text)
    text.pictures.set(Picture.objects.filter(digest__in=prose.pictures(text.body)))
    index.remember(text)


def _with_slug(text: ArticleText) -> ArticleText:
    """Save a text under an address of its own; the unique index decides which is free."""
    if text.slug:
        text.save()
        return text
    base = _slug(text.title)
    endings = ["", *(f"-{number}" for number in range(2, _TRIES)), f"-{get_random_string(8)}"]
    for ending in endings:
        text.slug = base + ending.lower()
        try:
            with transaction.atomic():
                text.save()
        except IntegrityError:
            continue
        return text
    raise Refused(_("There are too many articles of this title."))


def _slug(title: str) -> str:
    parted = re.sub(r"[^\w]+", "-", title)
    return slugify(parted, allow_unicode=True)[:120].strip("-_") or "article"

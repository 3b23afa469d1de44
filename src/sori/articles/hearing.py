"""What readers do in the help centre: open, vote, look in vain, come from a form.

Nothing here says who anybody is. A vote is tied to a random number in the reader's browser; words
are stored only after personal data in them was blotted out.
"""

from datetime import date, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sori.articles import grams
from sori.articles.models import Article, FormVisit, Unfound, Visits, Vote
from sori.database import write_atomic
from sori.listen.models import Source
from sori.understand.privacy import CONTACTS, mask

KEPT: Final = timedelta(days=90)
"""For so long words that led nowhere are kept."""

SHORTEST: Final = 2
_SALT: Final = "sori.articles.voter"


def opened(article: int, *, day: date | None = None) -> None:
    """Count one visit."""
    day = day or timezone.localdate()
    with write_atomic():
        if _count(article, day):
            return
        try:
            with transaction.atomic():
                Visits.objects.create(article_id=article, day=day, count=1)
        except IntegrityError:
            # somebody else opened it first today
            _count(article, day)


def voter(token: str) -> str:
    """What a browser's random number is stored as."""
    return salted_hmac(_SALT, token, algorithm="sha256").hexdigest()


def vote(*, article: int, language: str, token: str, helpful: bool, words: str = "") -> Vote:
    """Keep whether an article helped; a browser that votes again has changed its mind."""
    said, _ = mask(words.replace("\0", "").strip()[:500], also=CONTACTS)
    with write_atomic():
        row, _new = Vote.objects.update_or_create(
            article_id=article,
            voter=voter(token),
            defaults={
                "language": language,
                "helpful": helpful,
                "words": said,
                "at": timezone.now(),
            },
        )
        return row


def voted(*, article: int, token: str) -> bool | None:
    """What this browser said of an article; None for nothing."""
    rows = Vote.objects.filter(article=article, voter=voter(token))
    return rows.values_list("helpful", flat=True).first()


def looked_in_vain(query: str, language: str) -> None:
    """Keep words that led nowhere, without personal data."""
    said, _ = mask(" ".join(query.split()), also=CONTACTS)
    words = " ".join(grams.fold(said).split())[: grams.LONGEST_QUERY]
    if len(words) < SHORTEST:
        return
    now = timezone.now()
    with write_atomic():
        row, _new = Unfound.objects.get_or_create(
            language=language, words=words, defaults={"first_at": now, "last_at": now}
        )
        Unfound.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=now)


def came_from_form(*, article: int, source: int, key: str) -> None:
    """Write down that an article was opened from a form; the first of a form counts."""
    known = Source.objects.filter(pk=source).exists() and Article.objects.filter(pk=article)
    if known:
        with write_atomic():
            row = FormVisit(source_id=source, key=key, article_id=article, at=timezone.now())
            FormVisit.objects.bulk_create([row], ignore_conflicts=True)


def forget_old() -> int:
    """Delete words that led nowhere and were not asked for again for 90 days."""
    with write_atomic():
        gone, _each = Unfound.objects.filter(last_at__lt=timezone.now() - KEPT).delete()
    return gone


def _count(article: int, day: date) -> int:
    return Visits.objects.filter(article=article, day=day).update(count=F("count") + 1)

"""The articles of the demo company, and readers who looked at them for a month."""

import random
from datetime import timedelta
from importlib.resources import files
from typing import Final

from django.utils import timezone

from sori.articles import services
from sori.articles.models import Article, ArticleText, Category, Language, Unfound, Visits, Vote
from sori.staff.models import Member

_SHELVES: Final = (
    ("요금·청구", "Billing"),
    ("통화·데이터", "Calls and data"),
    ("앱·로그인", "App and sign-in"),
    ("설치·AS", "Installation and repair"),
    ("가입·해지", "Joining and leaving"),
)
_ARTICLES: Final = (
    ("bill", "요금·청구", "public", 31),
    ("direct-debit", "요금·청구", "public", 12),
    ("no-signal", "통화·데이터", "public", 44),
    ("roaming", "통화·데이터", "public", 18),
    ("spam", "통화·데이터", "public", 7),
    ("code", "앱·로그인", "public", 22),
    ("app", "앱·로그인", "public", 27),
    ("visit", "설치·AS", "public", 15),
    ("leaving", "가입·해지", "public", 11),
    ("outage-credit", "통화·데이터", "internal", 0),
    ("refund", "요금·청구", "internal", 0),
)
_UNFOUND: Final = (("esim", 14), ("명의 변경", 9), ("키즈폰 위치", 4), ("청소년 요금제", 3))
_WORDS: Final = ("화면이 설명과 달라요", "아이폰은 어떻게 하나요?", "영업점에서도 되는지 궁금해요")
_DAYS: Final = 30


def load(member: Member) -> None:
    """Write and publish the company's articles; harmless to repeat."""
    if Article.objects.exists():
        return
    for name, name_en in _SHELVES:
        services.keep_category(member=member, name=name, name_en=name_en)
    shelves = dict(Category.objects.values_list("name", "pk"))
    dice = random.Random("articles")  # noqa: S311 (a story, not a secret)
    for name, shelf, visibility, daily in _ARTICLES:
        article = _written(member, name, visibility, shelves[shelf])
        services.publish(article=article, member=member)
        _read(article, daily, dice)
    now = timezone.now()
    for words, count in _UNFOUND:
        Unfound.objects.create(
            language=Language.KO, words=words, count=count, first_at=now, last_at=now
        )


def _written(member: Member, name: str, visibility: str, shelf: int) -> Article:
    """One article in every language it has a file for."""
    folder = files("sori.articles") / "examples"
    article: Article | None = None
    for language in Language.values:
        file = folder / f"{name}.{language}.md"
        if not file.is_file():
            continue
        title, _, body = file.read_text(encoding="utf-8").partition("\n")
        title = title.removeprefix("# ")
        if article is None:
            article = services.begin(
                member=member, language=language, title=title, body=body,
                visibility=visibility, category=shelf,
            )  # fmt: skip
        else:
            services.write(
                article=article, member=member, language=language, title=title, body=body, base=0
            )
    assert article is not None
    return article


def _read(article: Article, daily: int, dice: random.Random) -> None:
    """A month of visits, and what some of the visitors said."""
    if not daily:
        return
    today = timezone.localdate()
    days = [today - timedelta(days=number) for number in range(_DAYS)]
    counts = [max(1, round(dice.gauss(daily, daily / 3))) for _ in days]
    rows = zip(days, counts, strict=True)
    Visits.objects.bulk_create(
        [Visits(article=article, day=day, count=count) for day, count in rows]
    )
    share = dice.uniform(0.62, 0.93)
    text = ArticleText.objects.filter(article=article).earliest("pk")
    votes = [
        Vote(
            article=article,
            language=text.language,
            voter=f"demo-{article.pk}-{number}",
            helpful=dice.random() < share,
            at=timezone.now() - timedelta(hours=dice.uniform(1, 24 * _DAYS)),
        )
        for number in range(daily * 2)
    ]
    for vote in votes:
        if not vote.helpful and dice.random() < 0.15:
            vote.words = dice.choice(_WORDS)
    Vote.objects.bulk_create(votes)

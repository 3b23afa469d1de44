"""Articles to read and members who write them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from desk import member
from sori.articles import services
from sori.articles.models import Article
from sori.staff.models import Member, Role

Publish = Callable[..., Article]


@pytest.fixture(autouse=True)
def _of_its_own(home: Path, db: None) -> None:
    cache.clear()


@pytest.fixture
def supervisor() -> Member:
    """A member who may publish."""
    return member("도윤", Role.SUPERVISOR)


@pytest.fixture
def agent() -> Member:
    """A member who may write."""
    return member("서연", Role.AGENT)


@pytest.fixture
def published(supervisor: Member) -> Publish:
    """Publishes an article."""

    def publish(
        title: str = "배송 조회하기",
        body: str = "앱에서 **주문 내역**을 누르면 배송 위치가 나옵니다.",
        language: str = "ko",
        visibility: str = "public",
        category: int | None = None,
    ) -> Article:
        article = services.begin(
            member=supervisor,
            language=language,
            title=title,
            body=body,
            visibility=visibility,
            category=category,
        )
        services.publish(article=article, member=supervisor)
        article.refresh_from_db()
        return article

    return publish


@pytest.fixture
def visitor() -> Client:
    """Somebody from outside who reads Korean; forgeries are checked as in life."""
    return Client(headers={"accept-language": "ko"})

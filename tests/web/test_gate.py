"""A view that names no permission is refused, whoever asks."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from sori.staff.permissions import Permission, public, requires


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


forgotten.__module__ = "sori.somewhere.views"


def foreign(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


@requires(Permission.READ_JOURNAL)
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


@public
def everybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [
    path("forgotten/", forgotten, name="forgotten"),
    path("foreign/", foreign, name="foreign"),
    path("guarded/", guarded, name="guarded"),
    path("everybody/", everybody, name="everybody"),
    path("", include("sori.web.urls")),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
handler403 = "sori.web.views.forbidden"
handler404 = "sori.web.views.not_found"


def test_it_refuses_a_view_of_ours_that_says_nothing(signed_in: Callable[..., Client]) -> None:
    assert signed_in("admin").get("/forgotten/").status_code == 403
    assert Client().get("/forgotten/").status_code == 403


def test_it_tells_the_developer_what_to_write(settings: Settings) -> None:
    settings.DEBUG = True
    with pytest.raises(ImproperlyConfigured, match="@requires"):
        Client().get("/forgotten/")


def test_it_hides_views_of_other_packages_that_are_not_in_the_table(
    signed_in: Callable[..., Client],
) -> None:
    assert signed_in("admin").get("/foreign/").status_code == 404


def test_it_sends_a_stranger_to_sign_in_and_back() -> None:
    response = Client().get("/guarded/?page=2")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/guarded/%3Fpage%3D2"


def test_it_moves_the_whole_page_when_a_part_of_it_is_asked_for() -> None:
    response = Client().get("/guarded/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/accounts/login/"


def test_it_refuses_a_role_that_lacks_the_permission(signed_in: Callable[..., Client]) -> None:
    assert signed_in("agent").get("/guarded/").status_code == 403
    assert signed_in("auditor").get("/guarded/").status_code == 200


def test_it_lets_everybody_see_what_is_public() -> None:
    assert Client().get("/everybody/").status_code == 200

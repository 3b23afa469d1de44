"""Signing in with the company's accounts, against a small provider on a real socket."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sori.journal.models import Event
from sori.staff.models import Member, Role
from sori.web.environment import Oidc

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]


class Provider(ThreadingHTTPServer):
    """Knows one person, and remembers what it was asked."""

    person: dict[str, Any]
    asked: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        here = self.server.address
        if self.path.startswith("/.well-known/"):
            self._say(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/person",
                    "jwks_uri": f"{here}/keys",
                }
            )
        else:
            self._say(self.server.person)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked = {name: values[0] for name, values in parse_qs(body).items()}
        claims = self.server.person | {"iss": self.server.address, "aud": "sori"}
        times = {"iat": timezone.now().timestamp(), "exp": timezone.now().timestamp() + 60}
        token = jwt.encode(claims | times, "k" * 32, algorithm="HS256")
        self._say({"access_token": "opaque", "token_type": "Bearer", "id_token": token})

    def _say(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with Provider(("127.0.0.1", 0), Answers) as server:
        server.person = {
            "sub": "s-1",
            "email": "minji@example.com",
            "email_verified": True,
            "name": "오민지",
        }
        app = {
            "provider_id": "company",
            "name": "Company",
            "client_id": "sori",
            "secret": "hush",
            "settings": {"server_url": server.address, "uid_field": "sub"},
        }
        settings.OIDC = Oidc([app], [server.address])
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
        }
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def come_in(browser: Client, **changes: str) -> HttpResponse:
    """Press the button, agree at the provider, come back."""
    away = browser.post("/accounts/oidc/company/login/")["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away).query).items()}
    back = {"code": "c", "state": asked["state"]} | changes
    return browser.get("/accounts/oidc/company/login/callback/", back)


def is_in(browser: Client) -> bool:
    return browser.get("/members/me/").status_code == 200


def test_it_makes_a_viewer_of_somebody_new(provider: Provider) -> None:
    browser = Client()
    come_in(browser)
    member = Member.objects.get()
    assert is_in(browser)
    assert (member.email, member.name, member.role) == ("minji@example.com", "오민지", Role.VIEWER)
    assert not member.has_usable_password()
    assert Event.objects.get(kind="member.added").about == f"member:{member.pk}"


def test_it_knows_somebody_by_sub_and_not_by_address(provider: Provider) -> None:
    come_in(Client())
    provider.person |= {"email": "married@example.com"}
    come_in(Client())
    assert Member.objects.count() == 1
    provider.person |= {"sub": "s-2"}
    come_in(Client())
    assert Member.objects.count() == 2


def test_it_never_links_a_local_account_that_proved_nothing(
    provider: Provider, make_member: Make
) -> None:
    member, browser = make_member(Role.ADMIN, "minji@example.com"), Client()
    come_in(browser)
    assert not is_in(browser)
    assert Member.objects.get() == member


def test_it_links_when_both_sides_proved_the_address(provider: Provider, make_member: Make) -> None:
    member, browser = make_member(Role.AGENT, "minji@example.com"), Client()
    Member.objects.update(email_proved_at=timezone.now())
    come_in(browser)
    assert is_in(browser)
    assert Member.objects.get() == member


@pytest.mark.parametrize("known", [True, False])
def test_it_refuses_an_address_the_provider_did_not_prove(
    known: bool, provider: Provider, make_member: Make
) -> None:
    if known:
        make_member(Role.ADMIN, "minji@example.com")
        Member.objects.update(email_proved_at=timezone.now())
    provider.person |= {"email_verified": False}
    browser = Client()
    come_in(browser)
    assert not is_in(browser)
    assert Member.objects.count() == int(known)


def test_it_keeps_a_deactivated_member_out(provider: Provider) -> None:
    come_in(Client())
    Member.objects.update(is_active=False)
    browser = Client()
    come_in(browser)
    assert not is_in(browser)


def test_it_refuses_an_answer_nobody_asked_for(provider: Provider) -> None:
    browser = Client()
    come_in(browser, state="forged")
    assert not is_in(browser)
    assert not Member.objects.exists()


def test_it_proves_to_the_provider_who_began(provider: Provider) -> None:
    browser = Client()
    away = browser.post("/accounts/oidc/company/login/")["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away).query).items()}
    browser.get("/accounts/oidc/company/login/callback/", {"code": "c", "state": asked["state"]})
    digest = hashlib.sha256(provider.asked["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]


def test_it_shows_a_button_and_starts_only_by_it(provider: Provider) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert 'action="/accounts/oidc/company/login/"' in page
    started = Client().get("/accounts/oidc/company/login/")
    assert "Location" not in started or provider.address not in started["Location"]

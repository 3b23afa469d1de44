"""What every answer tells the browser, and what our own pages never need."""

import re
from pathlib import Path

import httpx
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views.decorators.clickjacking import xframe_options_exempt

from sori.web.headers import content_security_policy, headers
from sori.web.logs import blot_links

TEMPLATES = sorted(
    path
    for path in (Path(__file__).parents[2] / "src" / "sori").rglob("jinja2/**/*.html")
    if path.name != "mail.html"  # mail programs know no stylesheets, and no policy of ours
)
pytestmark = pytest.mark.django_db


def test_it_allows_nothing_but_our_own_scripts() -> None:
    answer = Client().get("/accounts/login/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'; script-src 'self'; style-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_it_names_a_nonce_only_when_one_was_used() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(request.nonce))  # type: ignore[attr-defined]

    first, second = (headers(view)(RequestFactory().get("/")) for _ in range(2))
    nonce = first.content.decode()
    assert f"script-src 'self' 'nonce-{nonce}'" in first["Content-Security-Policy"]
    assert nonce != second.content.decode()


def test_it_lets_a_public_form_be_framed() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("form")

    answer = headers(xframe_options_exempt(view))(RequestFactory().get("/"))
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer


def test_it_lets_the_sign_in_form_lead_to_the_provider() -> None:
    policy = content_security_policy(form_targets=["https://id.example.com"])
    assert "form-action 'self' https://id.example.com;" in policy


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_it_writes_no_style_or_handler_into_a_page(template: Path) -> None:
    # both would be silently ignored under our policy
    text = template.read_text(encoding="utf-8")
    assert not re.findall(r"\sstyle=[\"']", text)
    assert not re.findall(r"\son\w+=[\"']", text)
    for script in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in script or "application/json" in script or "nonce=" in script


def test_it_answers_for_its_health_without_a_session() -> None:
    answer = Client().get("/health")
    assert answer.json() == {"ok": True}
    assert "Set-Cookie" not in answer.headers


def test_it_keeps_links_out_of_logs() -> None:
    event = {"event": "Not Found: /accounts/link/abcdefghijklmnopqrstuvw-_1234567890/", "n": 1}
    assert blot_links(None, "", event) == {"event": "Not Found: /accounts/link/***/", "n": 1}
    event = {"event": "GET /welcome/0123456789abcdef0123456789abcdef/"}
    assert blot_links(None, "", event)["event"] == "GET /welcome/***/"


def test_it_serves_files_for_ever_and_compressed(site: str) -> None:
    page = httpx.get(f"{site}/accounts/login/").text
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        answer = httpx.get(site + path)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in answer.headers
    css = httpx.get(site + re.findall(r'href="(/static/[^"]+\.css)"', page)[0])
    assert css.headers["Content-Encoding"] in {"gzip", "br"}
    assert httpx.get(f"{site}/static/../settings.py").status_code == 404

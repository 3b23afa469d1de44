"""Pictures: known by their first bytes, shown to whoever may read the article, never run."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk import signed_in
from sori.articles import pictures, services
from sori.articles.models import Picture

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def upload(browser: Client, content: bytes, name: str = "a.png"):
    return browser.post(
        "/articles/pictures/", {"picture": SimpleUploadedFile(name, content, "image/png")}
    )


@pytest.mark.parametrize(
    ("content", "sort"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"0" * 20, "image/jpeg"),
        (b"GIF89a" + b"0" * 20, "image/gif"),
        (b"RIFF0000WEBPVP8 ", "image/webp"),
        (b"00000000WEBPVP8 ", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"", ""),
    ],
)
def test_it_knows_a_picture_by_its_first_bytes(content: bytes, sort: str):
    assert pictures.media_type(content) == sort


def test_it_keeps_a_picture_once_and_says_how_to_show_it(agent):
    browser = signed_in(agent)
    first, second = upload(browser, PNG), upload(browser, PNG)

    assert (first.status_code, second.status_code) == (200, 200)
    picture = Picture.objects.get()
    assert f"(/help/pictures/{picture.digest}/)" in first.content.decode()


@pytest.mark.parametrize("content", [b"<svg/>", b"GIF", b"MZ" * 40, PNG + b"0" * pictures.LARGEST])
def test_it_refuses_anything_else(agent, content: bytes):
    assert upload(signed_in(agent), content).status_code == 422
    assert not Picture.objects.exists()


def test_it_shows_a_picture_to_those_who_may_read_its_article(
    agent, supervisor, published, visitor
):
    upload(signed_in(agent), PNG)
    path = f"/help/pictures/{Picture.objects.get().digest}/"
    assert visitor.get(path).status_code == 404
    seen = signed_in(agent).get(path)
    assert seen.status_code == 200
    assert b"".join(seen.streaming_content) == PNG

    article = published("그림", f"![화면]({path})")
    shown = visitor.get(path)
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/png"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["Cache-Control"].startswith("public")
    assert b"".join(shown.streaming_content) == PNG

    services.withdraw(article=article, member=supervisor)
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("digest", ["none", "a" * 64, "..%2f..%2fsecret.key"])
def test_it_finds_nothing_else(visitor, digest: str):
    assert visitor.get(f"/help/pictures/{digest}/").status_code == 404

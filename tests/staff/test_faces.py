"""A member shows a face: a small square without a past, and nothing that is no picture."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from desk import member, signed_in
from sori.errors import Refused
from sori.staff import faces
from sori.staff.models import Face

pytestmark = pytest.mark.django_db


def picture(kind="JPEG", size=(900, 600), **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def upload(raw: bytes, name="me.jpg"):
    form = {"name": "지민", "about": "", "language": "", "theme": ""}
    return form | {"photo": SimpleUploadedFile(name, raw)}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_keeps_a_small_square_of_any_picture(kind):
    with Image.open(io.BytesIO(faces.small(picture(kind)))) as small:
        assert (small.format, small.size) == ("JPEG", (160, 160))


def test_it_leaves_behind_where_and_when_it_was_taken():
    exif = Image.Exif()
    exif[0x010E] = "서울집 앞"
    small = faces.small(picture(exif=exif))
    assert "서울집".encode() not in small
    assert not dict(Image.open(io.BytesIO(small)).getexif())


@pytest.mark.parametrize(
    "raw", [b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 60, picture()[:200]]
)
def test_it_refuses_what_is_no_picture(raw):
    with translation.override("en"), pytest.raises(Refused, match="no picture"):
        faces.small(raw)


def test_it_refuses_a_picture_that_would_fill_the_memory():
    bomb = io.BytesIO()
    Image.new("1", (30_000, 2_000)).save(bomb, "PNG")
    with translation.override("en"), pytest.raises(Refused, match="40 million"):
        faces.small(bomb.getvalue())


def test_it_is_shown_to_colleagues_and_taken_away_again():
    me = member()
    browser = signed_in(me)
    assert browser.get(f"/members/{me.pk}/face/").status_code == 404

    assert browser.post("/members/me/", upload(picture())).status_code == 302
    answer = signed_in().get(f"/members/{me.pk}/face/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")
    assert 'class="face"' in browser.get("/members/me/").content.decode()

    form = {"name": "지민", "about": "", "language": "", "theme": "", "no_photo": "on"}
    browser.post("/members/me/", form)
    assert not Face.objects.exists()


def test_it_says_what_is_wrong_and_changes_nothing():
    me = member()
    answer = signed_in(me).post("/members/me/", upload(b"no picture"))
    assert answer.status_code == 422
    assert "no picture" in answer.content.decode()
    me.refresh_from_db()
    assert me.name == "지민"
    assert not Face.objects.exists()

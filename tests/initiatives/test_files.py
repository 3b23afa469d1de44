"""Files beside an initiative: within limits, under harmless names, and never run in our pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from desk import member, signed_in
from sori.change.initiatives import files
from sori.change.initiatives.models import Attachment
from sori.errors import Refused
from sori.staff.models import Role

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
PAGE = b"<script>alert(1)</script>"


@pytest.fixture
def row(home, begun):
    return begun()


def bring(browser, row, name: str, content: bytes, sort: str = "text/html") -> None:
    file = SimpleUploadedFile(name, content, content_type=sort)
    browser.post(f"/initiatives/{row.pk}/files/", {"file": file})


def test_it_keeps_a_file_and_hands_it_out_to_be_saved(row, agent):
    browser = signed_in(agent)

    bring(browser, row, "기획서.html", PAGE)

    kept = Attachment.objects.get()
    answer = browser.get(f"/initiatives/{row.pk}/files/{kept.pk}/")
    assert b"".join(answer.streaming_content) == PAGE
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_it_believes_the_bytes_and_not_the_name(row, agent):
    browser = signed_in(agent)

    bring(browser, row, "photo.png", PAGE, "image/png")
    bring(browser, row, "photo.html", PNG)

    assert list(Attachment.objects.order_by("pk").values_list("picture", flat=True)) == [
        "",
        "image/png",
    ]
    shown = Attachment.objects.get(picture="image/png")
    answer = browser.get(f"/initiatives/{row.pk}/files/{shown.pk}/")
    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\bad\\a.exe", "a.exe"),
        ('a"\r\nSet-Cookie: x.txt', "a Set-Cookie x.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("가" * 300 + ".hwp", "가" * 116 + ".hwp"),
    ],
)
def test_it_makes_names_harmless(row, agent, name, kept):
    files.keep(initiative=row, member=agent, name=name, content=b"x")

    assert Attachment.objects.get().name == kept


def test_it_keeps_the_same_file_once(row, agent):
    for name in ("a.txt", "b.txt"):
        files.keep(initiative=row, member=agent, name=name, content=b"same")

    assert Attachment.objects.get().name == "a.txt"


@pytest.mark.parametrize("content", [b"", b"0" * (files.LARGEST + 1)], ids=["empty", "too large"])
def test_it_refuses_what_is_empty_or_too_large(row, agent, content):
    with pytest.raises(Refused):
        files.keep(initiative=row, member=agent, name="a", content=content)

    assert not Attachment.objects.exists()


def test_it_refuses_one_too_many(row, agent):
    for number in range(files.MOST):
        files.keep(initiative=row, member=agent, name="a", content=str(number).encode())

    with pytest.raises(Refused):
        files.keep(initiative=row, member=agent, name="a", content=b"one more")


def test_it_deletes_the_bytes_with_the_last_that_has_them(row, begun, agent):
    other = begun("다른 것")
    kept = [
        files.keep(initiative=one, member=agent, name="a.txt", content=b"same")
        for one in (row, other)
    ]

    files.remove(attachment=kept[0], member=agent)
    assert files.path(kept[1]).exists()

    files.remove(attachment=kept[1], member=agent)
    assert not files.folder().has(kept[1].digest)


def test_it_hands_a_file_out_by_its_own_initiative_alone(row, begun, agent):
    other = begun("다른 것")
    kept = files.keep(initiative=row, member=agent, name="a.txt", content=b"a")

    assert signed_in(agent).get(f"/initiatives/{other.pk}/files/{kept.pk}/").status_code == 404
    signed_in(agent).post(f"/initiatives/{other.pk}/files/{kept.pk}/remove/")
    assert Attachment.objects.exists()


def test_it_lets_those_who_only_look_bring_nothing(row):
    bring(signed_in(member("구경꾼", Role.VIEWER)), row, "a.txt", b"a")

    assert not Attachment.objects.exists()

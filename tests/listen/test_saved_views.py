"""Views of the explorer: a selection with a name, one's own or everybody's."""

import pytest
from django.test import Client

from sori.errors import Refused
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.listen.models import View
from sori.listen.saved_views import change_view, delete_view, save_view, views_for
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db


def member(name: str, role: str = Role.CONTRIBUTOR) -> Member:
    return Member.objects.create_user(f"{name}@example.com", name=name, role=role)


def test_it_saves_a_selection_under_a_name_and_saves_over_it():
    kim = member("kim")
    save_view(name="환불", member=kim, query="kind=complaint")
    save_view(name="환불", member=kim, query="kind=idea", shared=True)

    (row,) = views_for(kim)

    assert (row["name"], row["query"], row["shared"], row["mine"]) == (
        "환불", "kind=idea", True, True,
    )  # fmt: skip
    assert [event.kind for event in Event.objects.filter(about=f"view:{row['id']}")] == [
        "view.saved",
        "view.saved",
    ]


def test_it_shows_others_only_what_is_shared():
    kim, lee = member("kim"), member("lee")
    save_view(name="나만", member=kim, query="")
    save_view(name="모두", member=kim, query="kind=idea", shared=True)
    save_view(name="모두", member=lee, query="")

    assert [(row["name"], row["owner_name"], row["mine"]) for row in views_for(lee)] == [
        ("모두", "kim", False),
        ("모두", "lee", True),
    ]


def test_it_lets_nobody_change_what_is_somebody_elses():
    kim, lee = member("kim"), member("lee")
    view = save_view(name="모두", member=kim, query="", shared=True)

    with pytest.raises(Refused):
        change_view(view=view, member=lee, name="x", shared=False)
    with pytest.raises(Refused):
        delete_view(view=view, member=lee)
    assert View.objects.get().name == "모두"


def test_it_lets_those_who_keep_the_rules_tidy_up_what_is_shared():
    boss, kim = member("boss", Role.SUPERVISOR), member("kim")
    shared = save_view(name="모두", member=kim, query="", shared=True)
    private = save_view(name="나만", member=kim, query="")

    delete_view(view=shared, member=boss)
    with pytest.raises(Refused):
        delete_view(view=private, member=boss)
    assert [row.name for row in View.objects.all()] == ["나만"]


def test_it_refuses_two_views_of_one_name():
    kim = member("kim")
    save_view(name="하나", member=kim, query="")
    second = save_view(name="둘", member=kim, query="")

    with pytest.raises(Refused):
        change_view(view=second, member=kim, name="하나", shared=False)
    change_view(view=second, member=kim, name="셋", shared=True)
    assert {row["name"] for row in views_for(kim)} == {"하나", "셋"}


def test_it_is_saved_renamed_and_deleted_on_the_page(client: Client, lake: Lake):
    client.force_login(member("kim"))
    answer = client.post(
        "/explore/views/", {"name": "환불 불만", "selection": "kind=complaint&nonsense=1"}
    )
    view = View.objects.get()

    assert answer["Location"] == "/explore/?kind=complaint"
    assert (view.query, view.shared) == ("kind=complaint", False)
    assert "환불 불만" in client.get("/explore/?kind=complaint").content.decode()
    assert "/explore/?kind=complaint" in client.get("/explore/?kind=idea").content.decode()

    client.post(f"/explore/views/{view.pk}/", {"name": "새 이름", "shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.shared) == ("새 이름", True)

    client.post(f"/explore/views/{view.pk}/delete/")
    assert not View.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "a" * 81, "a\x00b"])
def test_it_says_what_is_wrong_with_a_name(client: Client, lake: Lake, name: str):
    client.force_login(member("kim"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.post("/explore/views/", {"name": name, "selection": ""})

    assert not View.objects.exists()
    assert "at most 80 characters" in client.get("/explore/").content.decode()


def test_it_does_not_even_say_that_a_private_view_is_there(client: Client, lake: Lake):
    view = save_view(name="나만", member=member("kim"), query="")
    client.force_login(member("lee", Role.ADMIN))

    assert client.post(f"/explore/views/{view.pk}/", {"name": "x"}).status_code == 404
    assert client.post(f"/explore/views/{view.pk}/delete/").status_code == 404
    assert "나만" not in client.get("/explore/").content.decode()


def test_it_goes_when_its_owner_goes():
    kim = member("kim")
    save_view(name="나만", member=kim, query="")
    View.objects.filter(owner=kim).delete()

    assert views_for(kim) == []

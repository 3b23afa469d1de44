"""The pages of people: what they show, to whom, and that hostile words stay words."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from desk import letter, member, now, post, say, source
from sori.listen import memory
from sori.people.models import Apart, Identifier, Identity, Person
from sori.respond import services
from sori.respond.models import Case, Message
from sori.staff.models import Role

pytestmark = pytest.mark.django_db


def browser(role: str = Role.AGENT) -> Client:
    made = Client(headers={"Accept-Language": "en"})
    made.force_login(member(role=role))
    return made


def page(path: str, role: str = Role.AGENT) -> str:
    response = browser(role).get(path)
    assert response.status_code == 200
    return response.content.decode()


def path_of(person: Person) -> str:
    return f"/people/{person.pk}/"


def kim(lake, **row) -> Person:
    say(lake, letter(source(), **row))
    return Identity.objects.get(external_id="kim@customer.example").person


def test_it_shows_what_was_said_and_done(lake):
    place = source()
    say(lake, letter(place, "의자가 부서져서 왔어요", kind="complaint", sentiment="negative"))
    said = Message.objects.get()
    who = member("서연")
    services.write_note(case=said.conversation.case_id, member=who, body="창고에 물어봄")
    services.remember_answer(answers=said.pk, member=who, body="바로 보내 드릴게요", at=now())
    say(lake, post(place, "의자 또 부서짐", channel="email", author_id="kim@customer.example",
                   followers=1234))  # fmt: skip

    shown = page(path_of(Person.objects.get()))

    for words in (
        "의자가 부서져서 왔어요",
        "창고에 물어봄",
        "바로 보내 드릴게요",
        "의자 또 부서짐",
    ):
        assert words in shown
    assert "1,234" in shown
    assert "서연" in shown
    assert "1 answer" in shown
    assert 'class="moods"' in shown


def test_it_pages_through_a_long_time_without_losing_or_repeating(lake):
    place = source()
    rows = [
        letter(place, f"편지 {number:03}", published_at=now() - timedelta(hours=number // 2))
        for number in range(70)
    ]
    say(lake, *rows)
    shown, path, pages = [], path_of(Person.objects.get()), 0
    while path:
        text = page(path)
        shown += re.findall(r"<p>편지 (\d+)</p>", text)
        following = re.search(r'rel="next" href="(\?after=[^"#]+)', text)
        path = (
            path_of(Person.objects.get()) + following[1].replace("&amp;", "&") if following else ""
        )
        pages += 1

    assert sorted(shown) == [f"{number:03}" for number in range(70)]
    assert pages == 3


def test_it_shows_value_and_orders_only_to_those_who_may(lake):
    person = kim(lake)
    Person.objects.update(value="1234567", segment="partner")

    assert "1,234,567" in page(path_of(person))
    assert "1,234,567" in page(path_of(person), Role.AUDITOR)
    assert "1,234,567" not in page(path_of(person), Role.CONTRIBUTOR)
    assert "Partner" in page(path_of(person), Role.CONTRIBUTOR)
    assert browser(Role.VIEWER).get(path_of(person)).status_code == 403


def test_it_writes_hostile_words_as_text(lake):
    evil = '"><script>alert(1)</script>{{ 7*7 }}'
    person = kim(lake, text=evil, title=evil, author_name=evil)

    for shown in (page(path_of(person)), page("/people/")):
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert" in shown


def test_a_member_writes_down_what_is_known(lake):
    person, one = kim(lake), browser()
    one.post(
        path_of(person) + "change/",
        {"name": "김하은 님", "segment": "influencer", "value": "99.50", "consent": "no",
         "objection": "on"},
    )  # fmt: skip
    one.post(path_of(person) + "identifiers/", {"sort": "phone", "value": "+82 10-1234-5678"})
    identity = Identity.objects.get()
    one.post(path_of(person) + f"accounts/{identity.pk}/", {"verified": "yes"})

    person.refresh_from_db()
    identity.refresh_from_db()
    assert (person.name, person.segment, str(person.value)) == ("김하은 님", "influencer", "99.50")
    assert (person.consent, person.objection, identity.verified) == (False, True, True)
    assert Identifier.objects.get().value == "01012345678"

    refused = one.post(
        path_of(person) + "identifiers/", {"sort": "phone", "value": "nope"}, follow=True
    )
    assert "check what you typed" in refused.content.decode()
    one.post(path_of(person) + f"identifiers/{Identifier.objects.get().pk}/remove/")
    assert not Identifier.objects.exists()


def test_an_account_of_somebody_else_cannot_be_touched_through_this_page(lake):
    person = kim(lake)
    other = Identity.objects.create(
        person=Person.objects.create(), channel="x", external_id="other", first_seen_at=now()
    )

    answer = browser().post(path_of(person) + f"accounts/{other.pk}/", {"verified": "yes"})

    assert answer.status_code == 404


def test_it_suggests_merges_undoes_and_remembers(lake):
    place = source()
    say(lake, letter(place, "메일로 물어요"))
    say(lake, letter(place, "양식으로 물어요", channel="webform"))
    mail, form = Identity.objects.order_by("channel")
    one = browser()

    shown = one.get(path_of(mail.person)).content.decode()
    assert "The same person?" in shown
    assert "1 person may be the same" in page(path_of(mail.person) + "alike/")
    one.post(path_of(mail.person) + "merge/", {"other": form.person_id})
    shown = one.get(path_of(form.person), follow=True).content.decode()
    assert "메일로 물어요" in shown
    assert "양식으로 물어요" in shown
    assert "The same person?" not in shown
    assert "may be the same" not in page(path_of(mail.person) + "alike/")

    case = Case.objects.get(person=form.person)
    assert f'href="/people/{mail.person_id}/"' in page(f"/inbox/{case.pk}/")
    one.post(path_of(form.person) + "part/")
    assert "양식으로 물어요" not in one.get(path_of(mail.person)).content.decode()

    one.post(path_of(mail.person) + "apart/", {"other": form.person_id})
    assert Apart.objects.count() == 1
    assert "The same person?" not in one.get(path_of(mail.person)).content.decode()
    assert "The same person?" not in one.get(path_of(form.person)).content.decode()


def test_the_list_finds_people_by_name_account_and_number(lake):
    place = source()
    for number in range(3):
        say(lake, letter(place, author_id=f"c{number}@x.example", author_name=f"손님{number}"))
    person = Person.objects.get(name="손님1")
    Identifier.objects.create(person=person, sort="number", value="C-77", member=member(), at=now())
    merged = Person.objects.get(name="손님2")
    Person.objects.filter(pk=merged.pk).update(merged_into=person)

    def found(words: str) -> set[str]:
        shown = browser().get("/people/", {"q": words}).content.decode()
        return set(re.findall(r'class="strong" href="/people/\d+/">([^<]+)<', shown))

    assert found("") == {"손님0", "손님1"}
    assert found("손님1") == found("c1@x") == found("c-77") == {"손님1"}
    assert found("손님2") == {"손님1"}
    assert found("nobody") == set()
    assert browser().get("/people/", {"after": "x", "segment": "?", "q": "\0"}).status_code == 200


def test_it_takes_in_orders_through_the_page(lake):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("a.csv", "주문번호,이메일\nA-1,kim@x.kr\n,b@x.kr\n".encode("cp949"))

    shown = browser(Role.SUPERVISOR).post("/people/purchases/", {"file": file}).content.decode()

    assert "1 of 2 rows were taken in." in shown
    assert "It has no number." in shown


def test_who_objects_is_in_no_figure_and_still_has_a_page(lake):
    place = source()
    say(lake, letter(place, "분석하지 마세요"))
    say(lake, letter(place, "저는 괜찮아요", author_id="lee@customer.example"))
    person = Identity.objects.get(external_id="kim@customer.example").person
    count = "select count(*) as n from mentions"
    assert memory.counting_reader().table(count).to_pylist() == [{"n": 2}]

    other = Person.objects.create(objection=True)
    Person.objects.filter(pk=other.pk).update(merged_into=person)

    assert memory.counting_reader().table(count).to_pylist() == [{"n": 1}]
    assert memory.reader().table(count).to_pylist() == [{"n": 2}]
    assert "분석하지 마세요" in page(path_of(person))
    assert "Objects to being analysed" in page(path_of(person))

"""Macros: all of it or nothing, on one case or many, offered to whom they are for."""

import json

import pytest

from desk import HTMX, answers, letter, member, opened, say, signed_in
from sori.automation import selectors, services
from sori.automation.choices import Choices
from sori.automation.deciding import Action
from sori.automation.editing import Script
from sori.automation.models import Macro
from sori.errors import Refused
from sori.journal.models import Event
from sori.respond import answering, tagging
from sori.respond.models import Case, Message, Note, SavedReply
from sori.respond.saved_replies import save
from sori.staff.models import Department, Role

pytestmark = pytest.mark.django_db


def make(*actions: Action, name: str = "넘기기", department: Department | None = None) -> Macro:
    script = Script(name=name, actions=list(actions))
    return services.save_macro(macro=None, script=script, department=department, member=member())


def test_it_does_all_of_it_in_the_members_name(lake, author):
    opened(lake)
    case, who = Case.objects.get(), member("민지")
    place, tag = Department.objects.create(name="요금"), tagging.make(name="환불", member=author)
    macro = make(
        Action("department", str(place.pk)),
        Action("add_tag", str(tag.pk)),
        Action("note", "", "{me}: {customer}"),
    )

    services.run_macro(macro=macro, case=case.pk, member=who)

    case.refresh_from_db()
    assert case.department == place
    assert (Note.objects.get().member, Note.objects.get().body) == (who, "민지: 김하은")
    ran = Event.objects.get(kind="macro.run")
    assert (ran.member, ran.data["name"]) == (who, "넘기기")
    assert ran.data["actions"] == ["department", "add_tag", "note"]


def test_when_one_thing_is_refused_nothing_is_done(lake):
    opened(lake)
    case = Case.objects.get().pk
    macro = make(Action("note", "", "x"), Action("status", "resolved"))

    with pytest.raises(Refused):
        services.run_macro(macro=macro, case=case, member=member())

    assert not Note.objects.exists()
    assert not Event.objects.filter(kind="macro.run").exists()


def test_it_puts_a_reply_behind_what_was_begun_and_sends_nothing(lake, oracle, author):
    say(lake, letter(oracle))
    asked, who = Message.objects.get(), member("민지")
    reply = save(member=author, title="사진", body="{고객} 님, {나}입니다.")
    macro = make(Action("draft", str(reply.pk)))
    answering.draft_reply(answers=asked.pk, member=who, body="시작한 말")

    browser = signed_in(who)
    case = asked.conversation.case_id
    for _ in range(2):
        response = browser.post(
            f"/automation/macros/of-case/{case}/run/", {"macro": macro.pk}, headers=HTMX
        )

    (draft,) = answers()
    assert (draft.state, draft.body) == ("draft", "시작한 말\n\n김하은 님, 민지입니다.")
    assert "김하은 님, 민지입니다." in response.content.decode()
    SavedReply.objects.all().delete()
    gone = browser.post(
        f"/automation/macros/of-case/{case}/run/", {"macro": macro.pk}, headers=HTMX
    )
    assert gone.status_code == 422
    assert "thrown away" in gone.content.decode()


def test_it_is_offered_to_its_department_and_says_what_it_will_do(lake):
    opened(lake)
    ours, others = Department.objects.create(name="물류"), Department.objects.create(name="요금")
    Case.objects.update(department=ours)
    make(Action("note", "", "우리"), name="우리 것", department=ours)
    make(Action("note", "", "남"), name="남의 것", department=others)
    make(Action("note", "", "모두"), name="모두의 것")
    case = Case.objects.get().pk

    names = [one["name"] for one in selectors.offered(ours.pk, "", Choices())]
    page = (
        signed_in().get(f"/automation/macros/of-case/{case}/", {"words": "우리"}).content.decode()
    )

    assert names == ["모두의 것", "우리 것"]
    assert "Note: “우리”" in page
    assert "모두의 것" not in page


def test_it_runs_on_everything_that_was_picked(lake):
    for number in range(3):
        opened(lake, author_id=f"c{number}@x.kr")
    macro = make(Action("note", "", "여럿"))
    browser = signed_in()

    assert "여럿" in browser.get("/automation/macros/picked/").content.decode()
    cases = list(Case.objects.values_list("pk", flat=True))
    response = browser.post("/inbox/picked/", {"case": cases, "deed": f"macro:{macro.pk}"})

    assert json.loads(response["HX-Trigger"])["toast"]["text"] == "3 done."
    assert Note.objects.count() == 3


def test_a_macro_is_written_changed_and_thrown_away_on_its_page():
    browser = signed_in(member(role=Role.SUPERVISOR))
    said = {"name": "메모", "sort": ["note"], "object": [""], "words": ["확인해 주세요"]}

    assert browser.post("/automation/macros/new/", said).status_code == 302
    assert browser.post("/automation/macros/new/", said).status_code == 422
    row = Macro.objects.get()
    assert row.actions == [["note", "", "확인해 주세요"]]
    page = browser.get("/automation/macros/").content.decode()
    assert "Note: “확인해 주세요”" in page
    browser.post(f"/automation/macros/{row.pk}/", said | {"name": "다른 이름"})
    assert Macro.objects.get().name == "다른 이름"
    browser.post(f"/automation/macros/{row.pk}/delete/")
    assert not Macro.objects.exists()

"""The pages of rules: written line by line, tried, switched, ordered, and what they did."""

import pytest

from desk import HTMX, member, opened, signed_in
from sori.automation.models import Rule, RuleRun
from sori.respond import tagging
from sori.respond.models import Case
from sori.staff.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(db):
    return signed_in(member(role=Role.SUPERVISOR))


@pytest.fixture
def said(author) -> dict[str, object]:
    tag = tagging.make(name="환불", member=author)
    return {
        "name": "환불 표시",
        "trigger": "opened",
        "hours": "24",
        "field": ["text"],
        "op": ["contains"],
        "value": ["환불"],
        "sort": ["add_tag"],
        "object": [str(tag.pk)],
        "words": [""],
    }


def test_a_rule_is_written_switched_off_tried_and_switched_on(browser, said, lake, run):
    assert "No rules yet" in browser.get("/automation/").content.decode()
    opened(lake, text="환불 부탁해요", title="환불")
    run()

    tried = browser.post("/automation/rules/try/", said, headers=HTMX).content.decode()
    assert "It would have acted once." in tried
    assert "Add the tag “환불”" in tried
    assert browser.post("/automation/rules/new/", {**said, "do": "save"}).status_code == 302
    rule = Rule.objects.get()
    assert not rule.active
    browser.post(f"/automation/rules/{rule.pk}/", {**said, "do": "switch-on"})
    rule.refresh_from_db()
    assert rule.active
    page = browser.get("/automation/").content.decode()
    assert "A conversation opens" in page
    assert "What was said: with “환불”" in page
    assert 'aria-checked="true"' in page
    browser.post(f"/automation/rules/{rule.pk}/switch/", {"on": "0"})
    rule.refresh_from_db()
    assert (rule.active, rule.since) == (False, None)


def test_lines_come_and_go_and_fit_what_they_are_about(browser, said):
    more = browser.post(
        "/automation/rules/lines/", {**said, "do": "add-condition"}, headers=HTMX
    ).content.decode()
    assert more.count('name="field"') == 2
    assert 'name="any_of"' in more
    other = browser.post(
        "/automation/rules/lines/", {**said, "field": ["kind"]}, headers=HTMX
    ).content.decode()
    assert '<option value="" selected>Choose…' in other
    assert 'value="complaint"' in other
    fewer = browser.post(
        "/automation/rules/lines/", {**said, "do": "drop-c0"}, headers=HTMX
    ).content.decode()
    assert "Always; nothing else must hold." in fewer
    plain = browser.post("/automation/rules/new/", {**said, "do": "add-action"})
    assert plain.status_code == 200
    assert plain.content.decode().count('name="sort"') == 2
    assert not Rule.objects.exists()


def test_what_is_wrong_stands_at_its_line_and_nothing_is_lost(browser, said):
    page = browser.post("/automation/rules/new/", {**said, "name": "", "value": ["(환불"]})
    text = page.content.decode()
    assert page.status_code == 422
    assert "It needs a name" in text
    assert "This parenthesis is never closed." in text
    assert 'value="(환불"' in text
    broken = browser.post("/automation/rules/try/", {**said, "value": ["(환불"]}, headers=HTMX)
    assert "When the rule is whole" in broken.content.decode()


def test_a_tag_that_was_merged_is_shown_as_the_other_and_one_that_is_gone_is_chosen_anew(
    browser, make_rule, author
):
    old, new, other = (tagging.make(name=name, member=author) for name in ("가", "나", "다"))
    rule = make_rule(("add_tag", str(old.pk)))
    tagging.merge(tag=old, into=new, member=author)
    assert "Add the tag “나”" in browser.get("/automation/").content.decode()
    page = browser.get(f"/automation/rules/{rule.pk}/").content.decode()
    assert f'value="{new.pk}" selected' in page

    tagging.make(name="라", member=author)
    tagging.delete(tag=new, member=author)
    assert "something that is gone" in browser.get("/automation/").content.decode()
    page = browser.get(f"/automation/rules/{rule.pk}/").content.decode()
    assert "Choose…" in page
    assert f'value="{other.pk}" selected' not in page
    said = {"name": rule.name, "sort": ["add_tag"], "object": [""], "words": [""]}
    assert browser.post(f"/automation/rules/{rule.pk}/", said).status_code == 422


def test_the_order_is_changed_and_rules_are_thrown_away(browser, make_rule):
    first, second = make_rule(("note", "", "1")), make_rule(("note", "", "2"))
    browser.post(f"/automation/rules/{second.pk}/move/", {"way": "up"})
    browser.post(f"/automation/rules/{second.pk}/move/", {"way": "up"})
    assert list(Rule.objects.values_list("pk", flat=True)) == [second.pk, first.pk]
    browser.post(f"/automation/rules/{second.pk}/move/", {"way": "down"})
    assert list(Rule.objects.values_list("pk", flat=True)) == [first.pk, second.pk]
    browser.post(f"/automation/rules/{first.pk}/delete/")
    assert Rule.objects.get() == second


def test_what_it_did_is_told_on_its_page_and_in_the_case(browser, lake, run, make_rule, author):
    tag = tagging.make(name="환불", member=author)
    rule = make_rule(("add_tag", str(tag.pk)), name="<b>표시</b>")
    assert "It has done nothing yet" in _runs(browser, rule)
    opened(lake)
    run()
    failed = {"outcome": "failed", "why": "ging nicht"}
    RuleRun.objects.create(
        rule=rule, case=Case.objects.get(), event=99, at=rule.updated_at, **failed
    )

    page = _runs(browser, rule)
    assert "Add the tag “환불”" in page
    assert "ging nicht" in page
    case = browser.get(f"/inbox/{Case.objects.get().pk}/").content.decode()
    assert "The rule “&lt;b&gt;표시&lt;/b&gt;” tagged it “환불”" in case
    assert "<b>표시" not in page + case


def test_a_rule_that_switched_itself_off_says_why(browser, make_rule):
    make_rule(("note", "", "x"), active=False, since=None, trouble="ging nicht", failures=5)
    page = browser.get("/automation/").content.decode()
    assert "Switched itself off" in page
    assert "ging nicht" in page


def _runs(browser, rule) -> str:
    return browser.get(f"/automation/rules/{rule.pk}/runs/").content.decode()

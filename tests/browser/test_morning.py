"""An agent's morning: twenty conversations, with the keyboard alone."""

from collections.abc import Callable, Container

import pytest
from playwright.sync_api import Page, expect

from desk import letter, member, say, source
from sori.lake.store import Lake
from sori.respond import saved_replies, selectors
from sori.respond.models import Case, Clock, Message, Note
from sori.staff.models import Member
from waiting import listening, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CASES = 20


def fill(lake: Lake) -> None:
    place = source()
    rows = [
        letter(
            place,
            f"{number}번 주문이 아직 안 왔어요. 언제 오나요?",
            title=f"{number}번 주문 문의",
            author_id=f"c{number}@customer.example",
            author_name=f"고객{number}",
            reply_address=f'{{"to": "c{number}@customer.example"}}',
            kind="question",
        )
        for number in range(CASES)
    ]
    say(lake, *rows)


class Hands:
    """Ten fingers and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = page.keyboard

    def next(self, done: Container[int]) -> Case:
        """Go down to the next conversation that was not done yet."""
        for _ in range(2 * CASES):
            before = self.page.url
            self.keys.press("j")
            self.page.wait_for_function("before => location.href !== before", arg=before)
            case = Case.objects.get(pk=int(self.page.url.split("/inbox/")[1].split("/")[0]))
            if case.pk not in done:
                expect(self.page.locator(".subject h2")).to_have_text(case.subject)
                expect(self.page.locator("#reply-body")).to_have_value("")
                return case
        raise AssertionError("there is no other one")

    def answer(self, case: Case, words: str) -> None:
        """Write an answer and send it."""
        expect(self.page.locator("#composer")).to_be_visible()
        self.keys.press("r")
        expect(self.page.locator("#reply-body")).to_be_focused()
        self.keys.insert_text(words)
        self.keys.press("Control+Enter")
        wait_until(lambda: _answers(case))
        expect(self.page.locator(".msg.out").first).to_be_visible()
        self.rest()

    def answer_with_saved(self, case: Case) -> None:
        """Take the first saved reply and send it."""
        self.keys.press(";")
        expect(self.page.locator("#offered [data-insert]")).to_have_count(1)
        self.keys.press("Enter")
        expect(self.page.locator("#reply-body")).not_to_have_value("")
        self.keys.press("Control+Enter")
        wait_until(lambda: _answers(case))
        expect(self.page.locator(".msg.out").first).to_be_visible()
        self.rest()

    def acknowledge(self, case: Case) -> None:
        """Promise an answer."""
        self.keys.press("a")
        expect(self.page.locator("#acknowledge")).to_be_visible()
        self.keys.press("Enter")
        wait_until(lambda: _answers(case))
        expect(self.page.locator(".msg.out").first).to_be_visible()
        self.rest()

    def note(self, case: Case, words: str) -> None:
        """Leave a word for colleagues."""
        self.keys.press("n")
        expect(self.page.locator("#note-body")).to_be_focused()
        self.keys.insert_text(words)
        self.keys.press("Control+Enter")
        wait_until(lambda: Note.objects.filter(case=case, body=words).exists())
        self.rest()

    def settle(self, case: Case) -> None:
        """Say that the matter is settled; the list goes on to the next."""
        self.keys.press("e")
        wait_until(lambda: Case.objects.get(pk=case.pk).status == "resolved")

    def rest(self) -> None:
        """Take the hands off whatever they were in."""
        self.keys.press("Escape")
        self.page.wait_for_function("document.activeElement.tagName !== 'TEXTAREA'")


def _answers(case: Case) -> bool:
    return Message.objects.filter(conversation__case=case, direction="out", state="queued").exists()


def _waiting() -> int:
    return Clock.objects.filter(outcome="running").count()


def test_it_settles_twenty_conversations_without_a_mouse(lake: Lake, visit: Callable[..., Page]):
    fill(lake)
    agent: Member = member("안나")
    saved_replies.save(member=agent, title="배송", body="{고객} 님, 오늘 출발합니다. {나} 드림")
    assert _waiting() == CASES
    page = visit(agent, "/inbox/?tab=open")
    listening("inbox")
    page.on("dialog", lambda _: pytest.fail("a dialog of the browser's own"))
    hands = Hands(page)

    done: list[int] = []
    settled = 2 * CASES // 5
    for number in range(CASES):
        case = hands.next(done)
        done.append(case.pk)
        if number % 5 == 0:
            hands.answer_with_saved(case)
        elif number % 5 == 1:
            hands.acknowledge(case)
        elif number % 5 == 2:
            hands.note(case, f"{case.pk}번은 창고에 물어봄")
            hands.answer(case, f"{case.subject}: 확인해 보니 내일 도착합니다.")
        else:
            hands.answer(case, f"{case.subject}: 오늘 다시 보내 드렸습니다.")
            hands.settle(case)

    assert len(set(done)) == CASES
    answered = Message.objects.filter(direction="out", state="queued")
    assert answered.count() == CASES
    assert len(set(answered.values_list("conversation__case", flat=True))) == CASES
    assert Note.objects.count() == CASES // 5
    assert selectors.counts(agent.pk)["open"] == CASES - settled

"""Who gets in: exactly the sites that may, with a token of ours, and never too much of it."""

import json

import pytest
import time_machine
from pydantic import ValidationError

from chat_windows import SHOP, Window, chat, statement, taken_up
from sori.channels.chat import ChatSettings
from sori.listen.models import Intake
from sori.people.models import Identity
from sori.webchat.models import Visitor
from sori.webchat.views.asking import LARGEST
from sori.webchat.views.window import SAYINGS_A_MINUTE

pytestmark = pytest.mark.django_db
WHOLE = {"language": "ko"}


STRANGERS = (
    None,
    "null",
    "",
    "http://shop.example",
    "https://shop.example:8443",
    "https://www.shop.example",
    "https://shop.example.evil.example",
    "https://evil.example",
    "https://shop.example/",
    "HTTPS://SHOP.EXAMPLE",
    "https://evil.example https://shop.example",
)


@pytest.mark.parametrize("what", ["start", "say", "history", "mail", "leave"])
def test_it_refuses_every_site_but_those_in_the_list(source, window, what):
    for origin in STRANGERS:
        stranger = Window(source, origin)
        stranger.token = window.token

        refused = stranger.ask(what, {"id": "12345678", "text": "안녕", "email": "a@b.example"})

        assert (refused.status_code, refused.json()) == (403, {"error": "origin"}), origin
        assert "Access-Control-Allow-Origin" not in refused
    assert not Intake.objects.exists()


def test_it_lets_the_sites_of_the_list_read_the_answer_and_no_cookie_with_it(source):
    answer = Window(source).ask("start", WHOLE)

    assert answer["Access-Control-Allow-Origin"] == SHOP
    assert "Origin" in answer["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies


def test_it_lets_our_own_pages_in_for_the_preview(source):
    assert Window(source, "http://testserver").ask("start", WHOLE).status_code == 200


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("https://shop.example", "https://shop.example"),
        ("  https://Shop.Example/ ", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://가게.example", "https://xn--o39akk.example"),
    ],
)
def test_it_writes_a_site_as_browsers_do(line, kept):
    assert ChatSettings(origins=[line]).origins == [kept]


@pytest.mark.parametrize(
    "line",
    ["*", "shop.example", "https://*.shop.example", "https://shop.example/cart", "ftp://a.example",
     "https://", "https://a b.example", "https://u@shop.example", "https://shop.example:x"],
)  # fmt: skip
def test_it_takes_nothing_for_a_site_that_is_none(line):
    with pytest.raises(ValidationError):
        ChatSettings(origins=[line])


def test_it_knows_no_token_of_another_chat(source, window):
    other = Window(chat())
    other.token = window.token

    assert other.say("안녕").json() == {"error": "token"}
    assert other.ask("history").status_code == 401
    # a window that begins with it is told, and begins anew
    assert other.ask("start", WHOLE).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "." * 300])
def test_it_knows_no_token_that_is_not_ours(window, token):
    window.token = token
    assert window.say("안녕").json() == {"error": "token"}


def test_it_knows_a_token_for_a_year(source):
    with time_machine.travel("2026-01-01", tick=False) as clock:
        window = Window(source).start()
        clock.shift(360 * 86_400)
        assert window.ask("history").status_code == 200
        clock.shift(10 * 86_400)
        assert window.ask("history").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"token": 5}',
        b"\xff\xfe",
        '{"token":"x","id":"short","text":"a"}',
    ],
)
def test_it_refuses_what_cannot_be_read(window, body):
    assert window.ask("say", body).status_code == 422


@pytest.mark.parametrize("text", ["", "  \n ", "가" * 4_001, None, 5, ["a"]])
def test_it_refuses_what_says_nothing_or_too_much(window, text):
    answer = window.ask("say", {"id": "12345678", "text": text})

    assert answer.status_code == 422
    assert not Intake.objects.exists()


def test_it_takes_the_longest_and_the_oddest_text(window, source, lake):
    assert window.say("가" * 4_000).status_code == 200
    odd = json.dumps({"token": window.token, "id": "12345678", "text": "half \ud83d \0 pair"})
    assert window.ask("say", odd).status_code == 422  # half a letter is no JSON that can be read
    assert window.say("nothing\0 hidden \u202e").status_code == 200
    assert taken_up(source).body.startswith("nothing hidden")


def test_it_refuses_a_flood_before_reading_it(window):
    assert window.ask("say", b"x" * (LARGEST + 1)).json() == {"error": "large"}


def test_it_has_enough_of_one_visitor_for_a_minute(window, source):
    codes = [window.say(f"{n}").status_code for n in range(SAYINGS_A_MINUTE + 1)]

    assert codes == [200] * SAYINGS_A_MINUTE + [429]
    assert Window(source).start().say("나는 다른 사람").status_code == 200


def test_it_has_enough_of_one_address_whatever_it_calls_itself(source, settings, monkeypatch):
    monkeypatch.setattr("sori.webchat.views.window.BEGINNINGS_AN_HOUR", 3)
    window = Window(source)
    forged = [
        window.ask("start", WHOLE, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code for n in range(4)
    ]
    assert forged == [200, 200, 200, 429]

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    told = [
        window.ask("start", WHOLE, HTTP_X_FORWARDED_FOR=f"6.6.6.6, 10.0.0.{n}").status_code
        for n in range(4)
    ]
    assert told == [200] * 4, "behind a proxy of ours everybody has their own address"


def test_it_knows_a_customer_whom_the_shop_has_signed(source, lake):
    window = Window(source).start(**statement(email="haeun@customer.example"))
    window.say("제 주문이요")
    taken_up(source)

    account = Identity.objects.get()
    assert (account.external_id, account.name) == (f"user:{source.pk}:42", "김하은")
    assert account.verified
    # on another device it is the same conversation
    assert Window(source).start(**statement()).texts() == ["제 주문이요"]
    assert Visitor.objects.get().email == "haeun@customer.example"


@pytest.mark.parametrize("spelling", [str.upper, str.lower])
def test_it_reads_a_signature_in_small_and_capital_letters(source, spelling):
    said = statement()
    said["signature"] = spelling(said["signature"])
    Window(source).start(**said)
    assert Visitor.objects.get().user == "42"


def wrongly() -> dict[str, dict[str, str]]:
    right = statement()
    return {
        "another secret": statement("guessed"),
        "no secret": statement(""),
        "nothing signed": {"identity": right["identity"], "signature": ""},
        "nothing said": {"identity": "", "signature": right["signature"]},
        "another id": {**right, "identity": right["identity"].replace("42", "43")},
        "a space more": {**right, "identity": right["identity"] + " "},
        "a letter less": {**right, "signature": right["signature"][:-1]},
        "not ASCII": {**right, "signature": "가" * 64},
        "no id": statement(id=""),
        "no object": {"identity": "5", "signature": right["signature"]},
    }


def test_it_never_takes_a_wrong_signature_for_a_stranger(source):
    for how, said in wrongly().items():
        refused = Window(source).ask("start", said)
        assert (refused.status_code, refused.json()) == (403, {"error": "identity"}), how
    assert not Visitor.objects.exists()


@pytest.mark.parametrize(
    ("age", "code"), [(0, 200), (3590, 200), (3610, 403), (-290, 200), (-310, 403)]
)
def test_it_believes_a_signature_for_an_hour(source, age, code):
    with time_machine.travel("2026-11-28T09:00:00Z", tick=False) as clock:
        said = statement()
        clock.shift(age)
        assert Window(source).ask("start", said).status_code == code


def test_it_believes_nothing_signed_where_there_is_no_secret(db):
    plain = chat(secret="")
    assert Window(plain).ask("start", statement("")).json() == {"error": "identity"}


def test_it_leaves_what_a_customer_said_closed_to_the_next_at_the_same_computer(source):
    with time_machine.travel("2026-11-28", tick=False) as clock:
        hers = Window(source).start(**statement())
        hers.say("비밀 이야기")
        # the page does not say who sits there any more: the token alone opens a new window
        next_one = Window(source).start(token=hers.token)
        assert next_one.texts() == []
        clock.shift(86_400 + 60)
        assert hers.ask("history").status_code == 401


def test_it_can_be_for_signed_customers_alone(db):
    closed = chat(signed_only=True)

    assert Window(closed).ask("start", WHOLE).json() == {"error": "signed_only"}
    assert Window(closed).start(**statement()).say("안녕하세요").status_code == 200

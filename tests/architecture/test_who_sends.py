"""Who sends anything out of the house: a closed list, and no machine on it writes to customers.

Answers go out by the outbox, and only with the name of a member on them who approved them; side
questions by a member who asked them; visitors of the ideas portal get the link they asked for, and
letters about what they follow until they stop them. Everything else goes to members alone. Whoever
adds a sender comes by here and says which of these it is, or it must keep count of what it sends:
at most one automatic message to an address in a day and three in a thread, ever.
"""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "sori"

CALLS = {"reply", "reply_signed", "submit_mail", "send_mail", "send_messages", "notify", "sendmail"}
NAMES = {"SMTP", "SMTP_SSL", "EmailMessage", "EmailMultiAlternatives", "mail_admins"}

TO_CUSTOMERS_BY_APPROVAL = {"respond/outbox.py"}
TO_COLLEAGUES_BY_A_MEMBER = {"teamwork/posting.py"}
TO_MEMBERS = {"notifications/chatting.py", "notifications/mailing.py", "staff/links.py"}
ASKED_FOR = {"change/ideas/entering.py", "change/ideas/telling.py"}
CARRIERS = {
    "channels/chat.py",
    "channels/mail/submission.py",
    "channels/mail/writing.py",
    "mailing.py",
}


def senders() -> set[str]:
    """The modules that call a channel's way out, or a mail server's."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        name, text = str(path.relative_to(SOURCE)), path.read_text(encoding="utf-8")
        if not any(f"{word}(" in text for word in CALLS | NAMES):
            continue
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if (word in CALLS and isinstance(called, ast.Attribute)) or word in NAMES:
                found.add(name)
    return found


def test_nobody_else_sends_anything():
    known = TO_CUSTOMERS_BY_APPROVAL | TO_COLLEAGUES_BY_A_MEMBER | TO_MEMBERS | ASKED_FOR | CARRIERS

    assert senders() == known


def test_rules_and_macros_reach_no_sender():
    """The most a rule does with an answer is to prepare one; `approve_reply` is a member's."""
    words = {"approve_reply", "outbox", "posting", "mailing", "ask", "asking", "links"}
    for path in (SOURCE / "automation").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        named |= {
            one.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for one in node.names
        }
        assert not named & words, path.name

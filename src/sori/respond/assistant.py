"""Ask a language model for a summary or a draft: where one is set up, and when a person asks.

Off unless `SORI_LLM_URL` is set; never called by a machine. The address is any that speaks the
chat completions of the OpenAI API, a model on the company's own computers for example.
"""

from typing import Any, Final

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from sori.errors import Refused
from sori.journal.services import record
from sori.respond.briefing import Advice, advice, brief
from sori.staff.models import Member

log = structlog.get_logger(__name__)

MOST_BYTES: Final = 1 << 18
CONNECT_SECONDS: Final = 5.0


def is_on() -> bool:
    """Whether the company has set up a language model."""
    return bool(settings.ASSISTANT.url)


def ask(
    task: str, thread: dict[str, Any], *, member: Member, language: str, written: str = ""
) -> Advice:
    """Let the model read one case and say something about it.

    Args:
        task: "summary" or "reply".
        thread: see `threads.thread`.
        member: who asks.
        language: theirs, "ko" or "en".
        written: their words so far.

    Raises:
        Refused: it is off, cannot be reached, or says nothing of use.
    """
    if not is_on():
        raise Refused(_("No assistant is set up here."))
    messages = brief(task, thread["entries"], language=language, written=written)
    # written down before anything leaves the house, and never what was said
    record(
        "assistant.asked",
        f"case:{thread['case']['id']}",
        member=member,
        task=task,
        model=settings.ASSISTANT.model,
        characters=sum(len(message["content"]) for message in messages),
    )
    said = advice(_completed(messages))
    if not said.text:
        raise Refused(_("The assistant said nothing of use."))
    return said


def _completed(messages: list[dict[str, str]]) -> str:
    import httpx

    where = settings.ASSISTANT
    sent = {"messages": messages, "model": where.model, "stream": False}
    headers = {"Authorization": f"Bearer {where.key}"} if where.key else {}
    patience = httpx.Timeout(where.seconds, connect=CONNECT_SECONDS)
    try:
        # a redirect would carry the customer's words somewhere nobody has agreed to
        with (
            httpx.Client(timeout=patience, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST", f"{where.url}/chat/completions", json=sent, headers=headers
            ) as answer,
        ):
            body = _read(answer)
            if answer.status_code != httpx.codes.OK:
                log.warning("assistant_refused", status=answer.status_code)
                raise Refused(
                    _("The assistant refused (%(status)s).") % {"status": answer.status_code}
                )
            return _content(httpx.Response(200, content=body).json())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        log.warning("assistant_failed", error=type(error).__name__)
        raise Refused(_("The assistant cannot be reached just now.")) from error


def _read(answer: Any) -> bytes:
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            raise ValueError("the assistant's answer does not end")
    return body


def _content(answer: Any) -> str:
    """The words of the first choice; whatever else a model wants done is not looked at."""
    try:
        said = answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError("no chat completion") from error
    if not isinstance(said, str):
        raise ValueError("no words")  # noqa: TRY004 (what the other side sent, not our mistake)
    return said

"""Logs are events: a stable verb and its fields, readable or as JSON, with secrets blotted out."""

import re
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

# Sign-in and set-up links carry their secret in the path; a log must not let anybody in.
_LINK = re.compile(r"(/(?:link|welcome)/)[\w-]{16,}")

# Plain tracebacks: the pretty ones print local variables, which hold what customers wrote.
_PLAIN = structlog.dev.plain_traceback
_STEPS: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(allow={"status_code", "action"}),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# Django and uvicorn bring handlers of their own; one voice is enough.
_TALKATIVE: Final = ("django", "django.server", "uvicorn", "uvicorn.access")
_QUIET: Final = {"handlers": [], "level": "WARNING", "propagate": True}


def blot_links(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: replace the secret part of links in every text of the event."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _LINK.sub(r"\1***", value)
    return event


def logging_settings(*, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: everything goes to standard error through structlog."""
    last: list[Any] = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=_PLAIN)]
    if as_json:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_STEPS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _STEPS,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            blot_links,
            *last,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"events": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"sori": {"level": "INFO"}, **dict.fromkeys(_TALKATIVE, _QUIET)},
    }

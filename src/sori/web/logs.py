"""Logs are events: a stable verb and its fields, readable or as JSON, with secrets blotted out."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Sign-in and set-up links carry their secret in the path; a log must not let anybody in.
_LINK = re.compile(r"(/(?:link|welcome)/)[\w-]{16,}")


def blot_links(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: replace the secret part of links in every text of the event."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _LINK.sub(r"\1***", value)
    return event


def logging_settings(*, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: everything goes to standard error through structlog."""
    steps: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(allow={"status_code", "action"}),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # plain tracebacks: the pretty ones print local variables, which hold what customers wrote
    plain = structlog.dev.plain_traceback
    last: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *steps,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "events": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": steps,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    blot_links,
                    *last,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "sori": {"level": "INFO"},
            # uvicorn and Django bring handlers of their own; one voice is enough
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "uvicorn": {"handlers": [], "level": "WARNING", "propagate": True},
            "uvicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
        },
    }

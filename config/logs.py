"""Logs: one JSON object a line in production, lines for people elsewhere.

No personal data: a request is logged by route, status and duration, never by its full address or
body; what a matter contains never reaches a log.
"""

from __future__ import annotations

from typing import Any

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.tracebacks import ExceptionDictTransformer

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def without_request(logger: object, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drop what Django attaches to its log records: the whole request, with address and person."""
    record = event.get("_record")
    if record is not None:
        for name in ("request", "server_time"):
            record.__dict__.pop(name, None)
    event.pop("request", None)
    return event


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING for this installation."""
    rendering: list[Any] = (
        [
            # Without the local variables of each frame: they hold what matters contain.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(sort_keys=True, default=str),
        ]
        if as_json
        else [ConsoleRenderer(colors=False, exception_formatter=plain_traceback)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    without_request,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *rendering,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would mail or print the same a second time.
            "django": {"handlers": [], "propagate": True},
            # Answers below 500 are the visitor's affair, and their paths name matters.
            "django.request": {"level": "ERROR"},
            # Says of the broker in the file system that it has no host.
            "kombu.connection": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
        },
    }


def configure() -> None:
    """Let structlog's own loggers go the same way as the rest."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )

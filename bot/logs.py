"""Logs: one JSON line an event, with ids only; never content, an openid or a secret."""

import logging
import sys
from contextlib import suppress

import structlog
from structlog.typing import EventDict

NOISY = ("werkzeug", "urllib3", "sqlalchemy", "apscheduler", "alembic", "huey")


class _Unfailing(structlog.PrintLogger):
    """Loses a line where the disk is full or nobody reads: no message may fail for it."""

    def msg(self, message: str) -> None:
        """Write the line if that can be done."""
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def configure_logs(process: str, *, least: int = logging.INFO) -> None:
    """Write events of this *process* from level *least* to standard error, as JSON lines."""

    def name_process(_: object, __: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    structlog.configure(
        processors=[
            name_process,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: _Unfailing(sys.stderr),
        cache_logger_on_first_use=True,
    )
    for name in NOISY:
        # At DEBUG these print addresses with tokens and rows with content.
        logging.getLogger(name).setLevel(logging.WARNING)

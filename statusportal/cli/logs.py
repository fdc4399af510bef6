"""Logs: one line of JSON an event on standard error, with nothing secret in it."""

import logging
import sys

import structlog


def set_up_logs(level: str) -> None:
    """Set structlog and the standard library to the same output and level."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    # The migrations tell each step at the level that ours use for news.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.basicConfig(level=number, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the frames' local values: a password or a token may stand among them.
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )

"""The log: one JSON document a line for machines, or a line for a person at a terminal.

Each line carries what is being done (`newsroom.observability.tracing`): request_id, task, task_id,
user_id.  What
has the shape of something personal or secret is left out (`newsroom.observability.redaction`).  Fields of a
line's own are given as `extra={"told": {...}}`; what else libraries attach to a line is not told.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.environment import env
from newsroom.observability.redaction import redact
from newsroom.observability.tracing import current_trace

LOG_FORMATS = ("json", "text")
MAX_TRACEBACK_FRAMES = 40  # frames of a traceback; the innermost say what broke
MAX_CHAINED_ERRORS = 5  # errors that caused one another


class JSONFormatter(logging.Formatter):
    """A line as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        record = without_suspicious_traceback(record)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(message_text(record)),
        }
        line |= log_fields(record)
        if record.exc_info and record.exc_info[1]:
            line["exception"] = exception_as_dict(record.exc_info[1])
        if record.stack_info:
            line["stack"] = redact(record.stack_info)
        text = json.dumps(line, ensure_ascii=False, default=str)
        # Half of a surrogate pair, from somebody's address, is no UTF-8.
        return text.encode("utf-8", "backslashreplace").decode()


class TextFormatter(logging.Formatter):
    """A line for a person."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record = without_suspicious_traceback(record)
        if is_django_request_record(record):
            record = logging.makeLogRecord(
                record.__dict__ | {"msg": message_text(record), "args": ()}
            )
        first, *rest = super().format(record).split("\n")
        told = " ".join(f"{name}={value}" for name, value in log_fields(record).items())
        return "\n".join([redact(f"{first} {told}".rstrip()), *map(redact, rest)])


def without_suspicious_traceback(record: logging.LogRecord) -> logging.LogRecord:
    """The record; of what Django calls suspicious (a wrong Host header, too many fields) one line, a
    warning, without a traceback: it is a stranger's doing and no bug."""
    if not record.name.startswith("django.security."):
        return record
    calmer = {"exc_info": None, "exc_text": None}
    return logging.makeLogRecord(
        record.__dict__ | calmer | {"levelno": logging.WARNING, "levelname": "WARNING"}
    )


def is_django_request_record(record: logging.LogRecord) -> bool:
    """Whether Django tells of an answer; it names the address, and an address may be a key."""
    return record.name == "django.request" and bool(record.args) and hasattr(record, "request")


def message_text(record: logging.LogRecord) -> str:
    """The message, with the route in the place of the address where Django names one."""
    if not is_django_request_record(record):
        return record.getMessage()
    match = record.__dict__["request"].resolver_match
    reason = record.args[0] if isinstance(record.args, tuple) else record.msg
    return f"{reason}: {match.view_name if match else 'unresolved'}"


def log_fields(record: logging.LogRecord) -> dict[str, Any]:
    """The fields beside the message: of the work in hand, then the line's own."""
    trace = current_trace.get()
    told = trace.fields() if trace else {}
    return told | getattr(record, "told", {})


def exception_as_dict(
    error: BaseException, *, max_chained: int = MAX_CHAINED_ERRORS
) -> dict[str, Any]:
    """An error as data: what, why, where; never the values of variables."""
    frames = traceback.extract_tb(error.__traceback__)[-MAX_TRACEBACK_FRAMES:]
    data: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "message": redact(str(error)),
        "frames": [{"file": f.filename, "line": f.lineno, "in": f.name} for f in frames],
    }
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and max_chained > 1:
        data["because_of"] = exception_as_dict(before, max_chained=max_chained - 1)
    return data


def choose_log_format(said: str) -> str:
    """The format that LOG_FORMAT says, else text for a terminal and json for whatever else reads.

    Raises ImproperlyConfigured for a format that there is not.
    """
    if said and said not in LOG_FORMATS:
        raise ImproperlyConfigured(f"LOG_FORMAT must be json or text, not {said!r}.")
    return said or ("text" if sys.stderr.isatty() else "json")


def logging_settings() -> dict[str, Any]:
    """Django's LOGGING, by LOG_FORMAT and LOG_LEVEL."""
    logging.captureWarnings(True)
    formatter = {"json": JSONFormatter, "text": TextFormatter}[
        choose_log_format(env.str("LOG_FORMAT", default=""))
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
        "loggers": {
            # It tells of every task that comes and goes, every second.
            "celery": {"level": "WARNING"},
            # A line for every address that nobody has is what a scanner wants; figures count them.
            "django.request": {"level": "ERROR"},
        },
    }

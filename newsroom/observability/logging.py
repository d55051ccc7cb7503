"""Log formatters and Django's LOGGING: JSON lines for machines, text lines for a terminal.

Each line has the ids of the current request or task (tracing.py): request_id, task, task_id, user_id.
What has the shape of personal data or of a secret is redacted (redaction.py).  A line's own fields are
given as `extra={"fields": {...}}`; other attributes that libraries attach to a record are not shown.
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
MAX_TRACEBACK_FRAMES = 40  # the innermost
MAX_CHAINED_ERRORS = 5  # causes of an error


class JSONFormatter(logging.Formatter):
    """A record as one JSON object on a line."""

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
        # Half of a surrogate pair, from a client's URL, is not valid UTF-8.
        return text.encode("utf-8", "backslashreplace").decode()


class TextFormatter(logging.Formatter):
    """A record as text for a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record = without_suspicious_traceback(record)
        if is_django_request_record(record):
            record = logging.makeLogRecord(
                record.__dict__ | {"msg": message_text(record), "args": ()}
            )
        first, *rest = super().format(record).split("\n")
        fields = " ".join(f"{name}={value}" for name, value in log_fields(record).items())
        return "\n".join([redact(f"{first} {fields}".rstrip()), *map(redact, rest)])


def without_suspicious_traceback(record: logging.LogRecord) -> logging.LogRecord:
    """The record; one of Django's SuspiciousOperation (a wrong Host header, too many fields) as a warning
    without a traceback: it is a client's error and not a bug.
    """
    if not record.name.startswith("django.security."):
        return record
    without_traceback = {"exc_info": None, "exc_text": None}
    return logging.makeLogRecord(
        record.__dict__ | without_traceback | {"levelno": logging.WARNING, "levelname": "WARNING"}
    )


def is_django_request_record(record: logging.LogRecord) -> bool:
    """Whether this is Django's own record of a response: it contains the URL, which may be a key."""
    return record.name == "django.request" and bool(record.args) and hasattr(record, "request")


def message_text(record: logging.LogRecord) -> str:
    """The message, with the route name instead of the URL in Django's own records."""
    if not is_django_request_record(record):
        return record.getMessage()
    match = record.__dict__["request"].resolver_match
    reason = record.args[0] if isinstance(record.args, tuple) else record.msg
    return f"{reason}: {match.view_name if match else 'unresolved'}"


def log_fields(record: logging.LogRecord) -> dict[str, Any]:
    """The fields beside the message: of the current request or task, then the line's own."""
    trace = current_trace.get()
    fields = trace.fields() if trace else {}
    return fields | getattr(record, "fields", {})


def exception_as_dict(
    error: BaseException, *, max_chained: int = MAX_CHAINED_ERRORS
) -> dict[str, Any]:
    """An exception as data: type, message, frames, cause; never the values of variables."""
    frames = traceback.extract_tb(error.__traceback__)[-MAX_TRACEBACK_FRAMES:]
    data: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "message": redact(str(error)),
        "frames": [{"file": f.filename, "line": f.lineno, "in": f.name} for f in frames],
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and max_chained > 1:
        data["because_of"] = exception_as_dict(cause, max_chained=max_chained - 1)
    return data


def choose_log_format(name: str) -> str:
    """The format that LOG_FORMAT names, else text where stderr is a terminal and json elsewhere.

    Raises ImproperlyConfigured for an unknown format.
    """
    if name and name not in LOG_FORMATS:
        raise ImproperlyConfigured(f"LOG_FORMAT must be json or text, not {name!r}.")
    return name or ("text" if sys.stderr.isatty() else "json")


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
            # It logs every task that starts and ends, every second.
            "celery": {"level": "WARNING"},
            # It logs every 404, which scanners cause by the thousand; the metrics count them.
            "django.request": {"level": "ERROR"},
        },
    }

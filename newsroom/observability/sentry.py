"""Sentry error reports. Imported only where SENTRY_DSN is set (newsroom/settings.py).

An event has the error and its place in our code: no bodies, variables, headers, queries, names or client
addresses.  Messages of libraries go through redaction.py.
"""

from typing import Any

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.types import Event
from sentry_sdk.utils import BadDsn

from newsroom.conf.environment import env, read_fraction
from newsroom.observability.redaction import redact
from newsroom.observability.tracing import current_trace

ALLOWED_CONTEXTS = {"trace", "runtime"}
TRACE_TAGS = {"request_id", "task", "task_id"}


def init_sentry() -> None:
    """Start reporting to SENTRY_DSN. Raises ImproperlyConfigured for one that cannot be parsed."""
    try:
        sentry_sdk.init(
            dsn=env.str("SENTRY_DSN"),
            environment=env.str("SENTRY_ENVIRONMENT", default="production"),
            traces_sample_rate=read_fraction("SENTRY_TRACES_SAMPLE_RATE"),
            integrations=[DjangoIntegration(), CeleryIntegration()],
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            before_send=scrub_event,
            before_send_transaction=scrub_event,
        )
    except BadDsn as error:
        raise ImproperlyConfigured(f"SENTRY_DSN cannot be read: {error}") from error


def scrub_event(event: Event, hint: dict[str, Any]) -> Event:
    """The event without personal data and article text, and with our request id as a tag."""
    data: dict[str, Any] = event  # type: ignore[assignment]  # its type knows no arbitrary keys
    for name in ("user", "extra", "breadcrumbs", "server_name"):
        data.pop(name, None)
    if request := data.pop("request", None):
        data["request"] = {"method": request.get("method")}
    data["contexts"] = {
        name: value for name, value in data.get("contexts", {}).items() if name in ALLOWED_CONTEXTS
    }
    if trace := current_trace.get():
        ids = {name: value for name, value in trace.fields().items() if name in TRACE_TAGS}
        data["tags"] = {**(data.get("tags") or {}), **ids}
    logentry = data.get("logentry") or {}
    logentry.pop("params", None)
    messages = [*data.get("exception", {}).get("values", []), logentry]
    for message in messages:
        for name in ("value", "message", "formatted"):
            if isinstance(message.get(name), str):
                message[name] = redact(message[name])
    for span in data.get("spans", []):
        span.pop("data", None)
        span["description"] = redact(span.get("description") or "")
    return event

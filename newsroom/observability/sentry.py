"""What broke, told to Sentry. Imported only where SENTRY_DSN is set (newsroom/settings.py).

An event carries what broke and where in our code: no bodies, no variables, no headers, no queries, no
names, no addresses of readers.  What libraries write into messages goes through
`newsroom.observability.redaction`.
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
    """Begin to report to SENTRY_DSN. Raises ImproperlyConfigured for one that cannot be read."""
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
    """The event without anything of a person or of a story, and with our request id."""
    found: dict[str, Any] = event  # type: ignore[assignment]  # its type knows no arbitrary keys
    for name in ("user", "extra", "breadcrumbs", "server_name"):
        found.pop(name, None)
    if request := found.pop("request", None):
        found["request"] = {"method": request.get("method")}
    found["contexts"] = {
        name: value for name, value in found.get("contexts", {}).items() if name in ALLOWED_CONTEXTS
    }
    if trace := current_trace.get():
        ids = {name: value for name, value in trace.fields().items() if name in TRACE_TAGS}
        found["tags"] = {**(found.get("tags") or {}), **ids}
    logentry = found.get("logentry") or {}
    logentry.pop("params", None)
    told_by = [*found.get("exception", {}).get("values", []), logentry]
    for said in told_by:
        for name in ("value", "message", "formatted"):
            if isinstance(said.get(name), str):
                said[name] = redact(said[name])
    for span in found.get("spans", []):
        span.pop("data", None)
        span["description"] = redact(span.get("description") or "")
    return event

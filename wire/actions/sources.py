"""Set-up of wire sources."""

from django.db import transaction

from accounts.models import User
from audit.actions import record_audit
from wire.models import Source


@transaction.atomic
def save_source(source: Source, *, by: User | None) -> Source:
    """Save a source, new or changed; `by` None is a program."""
    source.save()
    record_audit(source, verb="source_set_up", by=by, active=source.active)
    return source

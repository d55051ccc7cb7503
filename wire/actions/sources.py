"""Set-up of wire sources."""

from django.db import transaction

from accounts.models import User
from audit.actions import record_audit
from wire.models import Source


@transaction.atomic
def save_source(source: Source, *, by: User) -> Source:
    """Save a source, new or changed."""
    source.save()
    record_audit(source, verb="source_set_up", by=by, active=source.active)
    return source

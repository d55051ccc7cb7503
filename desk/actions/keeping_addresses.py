"""Keep the addresses of an agency's reporters in a story on purpose."""

from django.db import transaction

from accounts.models import User
from audit.actions import record_audit
from desk.actions.locking import lock_draft
from desk.agency_copy.addresses import find_wire_addresses
from desk.errors.addresses import NoAgencyAddress
from desk.models import Draft, KeptAddress
from desk.permissions import may_publish
from desk.section_rights import may_publish_draft
from newsroom.errors import require


@transaction.atomic
def keep_wire_addresses(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Keep the addresses of the wire that stand in the draft now: it can be published with them.

    An address that is written into it later is asked about again. The version of the draft stays.
    Raises NoAgencyAddress, NotAllowed, OtherSection, Locked, EditedElsewhere, Trashed.
    """
    require(may_publish(by))
    draft = lock_draft(draft, by=by, may=may_publish_draft, version=version)
    addresses = find_wire_addresses(draft)
    if not addresses:
        raise NoAgencyAddress
    KeptAddress.objects.bulk_create(
        KeptAddress(draft=draft, address=address, kept_by=by) for address in addresses
    )
    record_audit(draft, verb="kept_address", by=by, addresses=addresses)
    return draft

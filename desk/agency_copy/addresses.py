"""E-mail addresses that came from the wire and stand in the text of a draft."""

from collections.abc import Iterable, Iterator
from typing import Any

from articles.models import Masthead
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.errors.addresses import AgencyAddressInText
from desk.models import Draft, KeptAddress
from wire.parsers.agencies import EMAIL_REGEX, is_agency_email

TEXT_FIELDS = (
    "headline",
    *EDITORIAL_FIELD_NAMES,
    *("summary", "body", "source_name", "source_credit", "ai_note", "lead_photo_text"),
)


def find_wire_addresses(draft: Draft) -> list[str]:
    """The addresses in what readers would see that are an agency's, or a contact of the version used.

    In lower case and order of appearance; without the desk's tip address and those that an editor keeps.
    No query for a draft without an address.
    """
    found = list(dict.fromkeys(address.lower() for address in addresses_in(draft)))
    if not found:
        return []
    contacts = {a.lower() for a in draft.wire_version.contacts} if draft.wire_version else set()
    rows = KeptAddress.objects.filter(draft=draft, address__in=found)
    allowed = {Masthead.current().tip_address.lower(), *rows.values_list("address", flat=True)}
    return [
        address
        for address in found
        if address not in allowed and (address in contacts or is_agency_email(address))
    ]


def addresses_in(draft: Draft) -> Iterator[str]:
    """All e-mail addresses in the fields that an edition freezes."""
    for text in strings_of(getattr(draft, name) for name in TEXT_FIELDS):
        if "@" in text:
            yield from EMAIL_REGEX.findall(text)


def strings_of(values: Iterable[Any]) -> Iterator[str]:
    """The strings among the values, and in the lists and objects among them."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from strings_of(value.values())
        elif isinstance(value, list | tuple):
            yield from strings_of(value)


def require_no_wire_address(draft: Draft) -> None:
    """Raise AgencyAddressInText where readers would see an address that no editor keeps on purpose."""
    if addresses := find_wire_addresses(draft):
        raise AgencyAddressInText(addresses)

"""Refusals about e-mail addresses of agencies in a story."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused


class AgencyAddressInText(Refused):
    """`addresses` are those of reporters of an agency that readers would see."""

    code = "agency_address"
    sentence = _(
        "The story shows an address of an agency's reporter: %(addresses)s. Take it out, or keep it on"
        " purpose."
    )

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__(self.sentence % {"addresses": ", ".join(addresses)})
        self.more = {"addresses": list(addresses)}


class NoAgencyAddress(Refused):
    code = "no_agency_address"
    sentence = _("The story shows no address of an agency's reporter. There is nothing to keep.")

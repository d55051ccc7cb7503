"""Errors of the outbox."""

from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused


class ForbiddenAddress(Refused):
    """A URL that may not be called: it leads, or could lead, into our own network."""

    code = "forbidden_address"
    status = 400
    sentence = _("This address may not be called. Give a public http or https address.")


class ForbiddenPort(ForbiddenAddress):
    """A URL whose port may not be called; what is written of its host may be."""


class IncompleteSubscriber(Refused):
    """A setting of a subscriber is missing or invalid."""

    code = "incomplete_subscriber"
    status = 400
    sentence = _("Something is missing for this kind of subscriber.")


class SubscriberDisabled(Refused):
    """The subscriber is disabled."""

    code = "switched_off"
    sentence = _("This subscriber is switched off. Switch it on first.")


class SubscriberAlreadyEnabled(Refused):
    """The subscriber is not disabled."""

    code = "already_on"
    sentence = _("This subscriber is on already.")


class NoSigningSecret(Refused):
    """The subscriber's key is issued by its service, not by the newsroom."""

    code = "no_own_secret"
    sentence = _(
        "Only webhooks are signed with a secret of ours. Change the key on the page itself."
    )


class NotGivenUp(Refused):
    """The delivery is waiting or done, so it cannot be dismissed."""

    code = "not_given_up"
    sentence = _("Only what was given up can be put aside. This delivery still counts.")

"""What the outbox refuses, in words."""

from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused


class ForbiddenAddress(Refused):
    """An address that this newsroom does not call: it leads, or could lead, inside."""

    code = "forbidden_address"
    status = 400
    sentence = _("This address may not be called. Give a public http or https address.")


class IncompleteSubscriber(Refused):
    code = "incomplete_subscriber"
    status = 400
    sentence = _("Something is missing for this kind of subscriber.")


class SubscriberDisabled(Refused):
    code = "switched_off"
    sentence = _("This subscriber is switched off. Switch it on first.")


class SubscriberAlreadyEnabled(Refused):
    code = "already_on"
    sentence = _("This subscriber is on already.")


class NoSigningSecret(Refused):
    code = "no_own_secret"
    sentence = _(
        "Only webhooks are signed with a secret of ours. Change the key on the page itself."
    )


class NotGivenUp(Refused):
    code = "not_given_up"
    sentence = _("Only what was given up can be put aside. This delivery still counts.")

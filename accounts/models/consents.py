"""Consents of readers: to the terms, the privacy statement, advertising mail, and the statement of age.

개인정보 보호법 §15, §22 (each asked for separately, required ones apart), §22-2 (children under 14).
The date of birth is not stored.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.users import User


class ConsentKind(models.TextChoices):
    TERMS = "terms", _("terms of use")
    PRIVACY = "privacy", _("collection and use of personal data")
    AGE = "age", _("14 years or older")
    MARKETING = "marketing", _("news and advertising by e-mail")


# Without these there is no account, and no writing once their version has changed.
REQUIRED_CONSENTS = (ConsentKind.TERMS, ConsentKind.PRIVACY, ConsentKind.AGE)


# Fields of sign-up (accounts/forms.py) and what each states.
CONSENT_BY_FIELD = {
    "agrees_to_terms": ConsentKind.TERMS,
    "agrees_to_privacy": ConsentKind.PRIVACY,
    "is_14_or_older": ConsentKind.AGE,
    "agrees_to_marketing": ConsentKind.MARKETING,
}


class ConsentEnd(models.TextChoices):
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "withdrawn")
    REPLACED = "replaced", pgettext_lazy("consent", "replaced by a newer version")
    CLOSED = "closed", pgettext_lazy("consent", "the account was closed")


class Consent(models.Model):
    """A consent to one version of a text: when it was given, and when and how it ended."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=10, choices=ConsentKind.choices)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, db_index=True)
    ended_by = models.CharField(max_length=10, choices=ConsentEnd.choices, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=models.Q(ended_at=None),
                name="one_consent_in_force_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


def current_version(kind: str) -> str:
    """The version of the text that is asked for now (newsroom/conf/readers.py)."""
    versions: dict[str, str] = settings.CONSENT_VERSIONS
    return versions[kind]


def required_versions() -> str:
    """The present versions of the required texts."""
    return versions_of(settings.CONSENT_VERSIONS)


def versions_of(versions: Mapping[str, str]) -> str:
    """The given versions of the required texts as `User.consented_versions` has them."""
    return " ".join(f"{kind}:{versions[kind]}" for kind in REQUIRED_CONSENTS if kind in versions)


def consents_of(cleaned_data: Mapping[str, Any]) -> list[str]:
    """The kinds of consents that the cleaned data of a sign-up form states."""
    return [str(kind) for field, kind in CONSENT_BY_FIELD.items() if cleaned_data.get(field)]


def lacks_required_consents(user: User) -> bool:
    """Whether an account that has signed up has not consented to the present version of a required text.

    Staff lack none. Accounts that did not sign up by themselves (`consented_versions` null: made by the
    newsroom, or from before consents were asked for) lack none until they give the first one.
    """
    consented = user.consented_versions
    return consented is not None and not user.is_staff and consented != required_versions()

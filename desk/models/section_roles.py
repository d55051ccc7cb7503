"""SectionRole: restricts a member of staff to some sections, as reporter or editor there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models import Section


class SectionRole(models.Model):
    """What a member of staff may do in one section.

    It restricts their role and never adds to it. A person without any has their role in all sections; a
    person with some has it in these sections alone. Chief editors are not restricted.
    """

    class Role(models.TextChoices):
        REPORTER = "reporter", _("reporter: writes")
        EDITOR = "editor", _("desk editor: approves and publishes")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    # Protected: without their last section, people would have their role in all of them.
    section = models.ForeignKey(
        Section, models.PROTECT, related_name="+", verbose_name=_("section")
    )
    role = models.CharField(pgettext_lazy("section", "role"), max_length=10, choices=Role)

    class Meta:
        verbose_name = _("section role")
        verbose_name_plural = _("section roles")
        ordering = ["person__name", "section__position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "section"],
                name="one_role_per_person_and_section",
                violation_error_message=_("This person has a role in this section already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.section}"

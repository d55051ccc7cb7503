"""Remark: what a colleague says about a passage of a draft. Readers never see it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.models.drafts import Draft


class Remark(models.Model):
    """A remark of a member of staff on a passage of a draft, until it is resolved.

    `quote` is the passage as it was then; the text may have changed since.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    quote = models.CharField(_("passage"), max_length=500, blank=True)
    text = models.TextField(_("remark"))
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["draft", "id"], name="remarks_of_a_draft")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | models.Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="a_resolved_remark_says_by_whom_and_when",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]

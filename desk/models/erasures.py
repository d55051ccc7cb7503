"""Erasure: the record of a legal erasure of an article, and what of it a task still has to do."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def unfinished(self) -> Self:
        """Erasures with files to delete, or comments to empty."""
        return self.filter(Q(are_comments_pending=True) | ~Q(pending_files=[]))


class Erasure(models.Model):
    """An article whose text and photos were erased by law or by order of a court; it cannot be undone.

    Says who erased it, why, and by which order; nothing of what was erased.
    """

    article = models.OneToOneField(
        Article, models.PROTECT, related_name="+", verbose_name=_("article")
    )
    reason = models.CharField(_("Reason"), max_length=300)
    reference = models.CharField(_("reference number of the order"), max_length=120)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("erased by")
    )
    erased_at = models.DateTimeField(_("erased"), auto_now_add=True)
    editions = models.PositiveIntegerField(_("editions erased"))
    photos = models.PositiveIntegerField(_("photos erased"))
    # Storage paths of photo files that are still to be deleted (desk.tasks.finish_erasures).
    pending_files = models.JSONField(default=list)
    are_comments_pending = models.BooleanField(default=False)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal erasure")
        verbose_name_plural = _("legal erasures")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("erase_article", "Can erase articles by law or court order")]

    def __str__(self) -> str:
        return self.article.slug

"""Ignored readers: whose comments a reader does not want to see. Private to that reader."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class IgnoredReaderQuerySet(models.QuerySet["IgnoredReader"]):
    def of_reader(self, reader: User | int) -> Self:
        """Those whom a reader ignores; without who has joined the staff or closed the account since."""
        return self.filter(reader=reader, author__is_staff=False, author__is_active=True)

    def listed_for(self, reader: User | int) -> Self:
        """Those of `of_reader` whose nickname readers see: not of accounts that are about to be closed."""
        return self.of_reader(reader).filter(author__closing_at=None)

    def of_author(self, author: User | int) -> Self:
        """Those who ignore an author."""
        return self.filter(author=author, author__is_staff=False)


class IgnoredReader(models.Model):
    """A reader ignores the comments of an author."""

    reader = models.ForeignKey(User, models.CASCADE, related_name="ignored_readers")
    author = models.ForeignKey(User, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    objects = IgnoredReaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("ignored reader")
        verbose_name_plural = _("ignored readers")
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "author"], name="one_row_per_reader_and_ignored_author"
            ),
            models.CheckConstraint(
                condition=~models.Q(reader=models.F("author")), name="nobody_ignores_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} → {self.author_id}"


def is_ignored(*, by: User, author: User) -> bool:
    """Whether a reader ignores the comments of an author."""
    return IgnoredReader.objects.of_reader(by).filter(author=author).exists()


def ignored_nicknames(reader: User | int) -> list[str]:
    """The nicknames of those whom a reader ignores, the latest first, without those about to close."""
    rows = IgnoredReader.objects.listed_for(reader).order_by("-pk")
    return list(rows.values_list("author__nickname", flat=True))

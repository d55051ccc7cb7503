"""Erasure permit: the marker that lets the triggers of editions pass within one transaction (SQLite)."""

from django.db import models


class ErasurePermit(models.Model):
    """A row that exists only inside the transaction of a legal erasure (articles/triggers.py)."""

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

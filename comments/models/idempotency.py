"""Idempotency keys of posted comments."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from comments.models.comment import Comment


class IdempotencyKey(models.Model):
    """The `Idempotency-Key` with which a reader posted a comment, for IDEMPOTENCY_KEY_LIFETIME.

    `request_digest` is the SHA-256 of what was posted and how it was answered, so that another request with
    the key is refused.
    """

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+")
    used_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "idempotency keys"
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "key"], name="one_comment_per_reader_and_idempotency_key"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

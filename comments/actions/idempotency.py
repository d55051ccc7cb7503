"""Idempotency keys of posted comments (draft-ietf-httpapi-idempotency-key-header).

A request repeated with its key, also while the first one is under way, gets the comment of the first one.
The caller has locked the reader; a unique constraint is the guarantee.
"""

from datetime import timedelta
from hashlib import sha256

import orjson
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from articles.models import Article
from comments.errors import IdempotencyKeyReused
from comments.models import Comment, IdempotencyKey

IDEMPOTENCY_KEY_LIFETIME = timedelta(hours=24)
MAX_DELETED_AT_ONCE = 10_000


def find_comment_of_key(
    key: str, *, reader: User, article: Article, text: str, parent: int | None
) -> Comment | None:
    """The comment that the reader has posted with this key; outdated keys of the reader are deleted.

    It has `already_existed` if it had when the key was used: a repetition is answered as the first time.
    Raises IdempotencyKeyReused if something else was posted with it.
    """
    if not key:
        return None
    own = IdempotencyKey.objects.filter(reader=reader)
    own.filter(used_at__lte=Now() - IDEMPOTENCY_KEY_LIFETIME).delete()
    used = own.filter(key=key).select_related("comment").first()
    if used is None:
        return None
    for already_existed in (False, True):
        if used.request_digest == request_digest(article, text, parent, already_existed):
            used.comment.already_existed = already_existed
            return used.comment
    raise IdempotencyKeyReused


def remember_key(
    key: str, comment: Comment, *, reader: User, article: Article, text: str, parent: int | None
) -> None:
    """Store the key with which the reader has posted a comment."""
    if key:
        digest = request_digest(article, text, parent, comment.already_existed)
        IdempotencyKey.objects.create(
            reader=reader, key=key, request_digest=digest, comment=comment
        )


def request_digest(article: Article, text: str, parent: int | None, already_existed: bool) -> str:
    """The digest of what a request posts, by which its repetition is recognised, and of its answer.

    The answer is a new comment, or one that `already_existed`.
    """
    parts = [article.pk, text, parent, *(["existed"] if already_existed else [])]
    return sha256(orjson.dumps(parts)).hexdigest()


def delete_outdated_keys(*, batch_size: int = MAX_DELETED_AT_ONCE) -> int:
    """Delete the keys of all readers whose lifetime is over, in batches; how many. May run twice."""
    total = 0
    while deleted := delete_batch_of_keys(batch_size):
        total += deleted
        if deleted < batch_size:
            break
    return total


@transaction.atomic
def delete_batch_of_keys(batch_size: int) -> int:
    """Delete the oldest outdated keys; those that a reader's request is deleting are passed over."""
    outdated = IdempotencyKey.objects.filter(used_at__lte=Now() - IDEMPOTENCY_KEY_LIFETIME)
    rows = outdated.order_by("pk").select_for_update(skip_locked=True)
    ids = list(rows.values_list("pk", flat=True)[:batch_size])
    return IdempotencyKey.objects.filter(pk__in=ids).delete()[0]

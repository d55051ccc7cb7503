"""Scheduling, replacing and publishing of a certain frozen edition.

The product freezes and publishes in one action; tests of what may follow upon what choose the edition.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from articles.models import Edition
from desk.actions.locking import lock_article, lock_unsettled
from desk.actions.publishing import (
    publish_locked,
    replace_locked,
    schedule_locked,
    waiting_release,
)
from desk.errors import AlreadyScheduled
from desk.models import Release


@transaction.atomic
def schedule_edition(edition: Edition, *, at: datetime, by: User) -> Release:
    """Schedule this edition. Raises TooLate, AlreadyScheduled, Withdrawn, Older, Embargoed, Expired."""
    edition.article = lock_article(edition.article_id)
    if waiting_release(edition.article):
        raise AlreadyScheduled
    return schedule_locked(edition, at=at, by=by)


@transaction.atomic
def replace_edition(release: Release, *, edition: Edition, by: User) -> Release:
    """Let this edition take the slot of a release. Raises Settled, Older, Withdrawn, Embargoed, Expired."""
    return replace_locked(lock_unsettled(release), edition, by=by)


@transaction.atomic
def publish_edition(edition: Edition, *, by: User) -> Release:
    """Publish this edition at once. Raises Withdrawn, Older, Embargoed, Expired."""
    edition.article = lock_article(edition.article_id)
    return publish_locked(edition, by=by)

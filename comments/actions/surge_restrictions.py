"""Restrictions of a thread under a surge: slow mode, holding all, newest first, undone by one press.

They are the policy of the thread, which lasts until a moderator takes it back, whatever becomes of the
alert. The alert remembers the policy before the first of them.
"""

from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from comments.actions.locking import lock_article
from comments.actions.policy import set_thread_policy
from comments.errors import NoSuchThread, NotRestricted
from comments.models import SurgeAlert, ThreadPolicy
from comments.permissions import may_moderate_comments
from newsroom.errors import require

SLOW_SECONDS = 60


class Restriction(StrEnum):
    """What one press changes in the policy of a thread."""

    SLOW = "slow"
    HOLD = "hold"
    NEWEST = "newest"


@transaction.atomic
def restrict_surge(alert: SurgeAlert, *, restriction: Restriction, by: User) -> ThreadPolicy:
    """Restrict the thread of an alert; what is stricter already stays.

    Raises NotAllowed, NoSuchThread for an alert about a writer or a story without a thread.
    """
    require(may_moderate_comments(by))
    if alert.article_id is None:
        raise NoSuchThread
    article = lock_article(alert.article_id)
    before = ThreadPolicy.objects.filter(pk=article.pk).first() or ThreadPolicy(article=article)
    first = SurgeAlert.objects.restricting().filter(article=article).first()
    reason = surge_reason(alert)
    if restriction == Restriction.SLOW:
        seconds = max(SLOW_SECONDS, before.slow_mode_seconds)
        policy = set_thread_policy(article, by=by, slow_mode_seconds=seconds, reason=reason)
    elif restriction == Restriction.NEWEST:
        policy = set_thread_policy(article, by=by, newest_first=True, reason=reason)
    elif before.mode == ThreadPolicy.Mode.CLOSED:
        return before
    else:
        policy = set_thread_policy(article, by=by, mode=ThreadPolicy.Mode.HOLD, reason=reason)
    if policy.version != before.version:
        row = first or SurgeAlert(
            pk=alert.pk,
            former_mode=before.mode,
            former_slow_seconds=before.slow_mode_seconds,
            former_newest_first=before.newest_first,
        )
        SurgeAlert.objects.filter(pk=row.pk).update(
            former_mode=row.former_mode,
            former_slow_seconds=row.former_slow_seconds,
            former_newest_first=row.former_newest_first,
            restricted_version=policy.version,
        )
    return policy


@transaction.atomic
def undo_restriction(alert: SurgeAlert, *, by: User) -> ThreadPolicy:
    """Return to the policy before the restrictions from alerts about the story of this one.

    Raises NotAllowed, NoSuchThread, NotRestricted if there are none, or somebody has changed the policy
    since.
    """
    require(may_moderate_comments(by))
    if alert.article_id is None:
        raise NoSuchThread
    article = lock_article(alert.article_id)
    restricting = SurgeAlert.objects.restricting().filter(article=article).first()
    if restricting is None:
        raise NotRestricted
    policy = set_thread_policy(
        article,
        by=by,
        mode=restricting.former_mode,
        slow_mode_seconds=restricting.former_slow_seconds,
        newest_first=restricting.former_newest_first,
        reason=surge_reason(alert),
    )
    SurgeAlert.objects.filter(pk=restricting.pk).update(
        former_mode="", former_slow_seconds=0, former_newest_first=False, restricted_version=None
    )
    return policy


def surge_reason(alert: SurgeAlert) -> str:
    """The reason in the audit log, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("surge: %(what)s") % {"what": alert.get_kind_display()}

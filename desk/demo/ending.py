"""End the demo: lock its accounts and, on request, remove its stories."""

from django.db import transaction

from accounts.authentication.published_password import holders_of_published_password
from accounts.models import User
from accounts.staffing import disable_account_by_operator, revoke_password_by_operator
from articles.models import Article, Masthead
from audit.actions import record_operator_audit
from audit.models import Entry
from desk.actions import move_to_trash, unschedule, waiting_release, withdraw
from desk.demo.errors import NobodyMayWithdraw
from desk.demo.loading import LOADED_VERB
from desk.demo.people import DEMO_ACCOUNTS
from desk.models import Draft
from desk.permissions import may_publish, may_withdraw, may_write

WITHDRAWAL_NOTICE = "체험용으로 실었던 기사입니다. 체험을 마치면서 내립니다."
DEMO_EMAILS = tuple(part.email for part in DEMO_ACCOUNTS)


@transaction.atomic
def end_demo() -> list[User]:
    """Lock the demo's accounts, and disable the published password of any other account; all of those.
    Idempotent.
    """
    holders = {user.pk: user for user in holders_of_published_password()}
    demo = {user.pk: user for user in User.objects.filter(email__in=DEMO_EMAILS, is_active=True)}
    # An account of such an address that existed before the demo keeps its own password.
    preexisting = {pk for pk, user in demo.items() if user.has_usable_password()} - set(holders)
    ended = [user for pk, user in sorted({**demo, **holders}.items()) if pk not in preexisting]
    for user in ended:
        if user.pk in demo:
            disable_account_by_operator(user)
        else:
            revoke_password_by_operator(user)
    if ended:
        record_operator_audit(Masthead.current(), verb="ended_demo", accounts=len(ended))
    return ended


@transaction.atomic
def remove_stories() -> int:
    """Withdraw published stories of the demo, cancel releases, move drafts to the trash; how many.

    Call it before `end_demo`, which locks the accounts in whose name it may act. Raises NobodyMayWithdraw.
    """
    drafts = demo_drafts()
    if not drafts:
        return 0
    by = find_withdrawer()
    for draft in drafts:
        article = Article.objects.filter(pk=draft.article_id or 0).first()
        if article and article.first_published_at and not article.withdrawn_at:
            withdraw(article, notice=WITHDRAWAL_NOTICE, by=by)
        elif waiting_release(article):
            unschedule(draft, by=by)
        move_to_trash(draft, by=by)
    return len(drafts)


def demo_drafts() -> list[Draft]:
    """The drafts of the demo, which is loaded into an empty database only: those that were created before
    the audit entry of its loading."""
    loaded = Entry.objects.filter(verb=LOADED_VERB).order_by("pk").first()
    if loaded is None:
        return []
    created = Entry.objects.filter(kind="desk.draft", verb="began", pk__lt=loaded.pk)
    ids = [int(subject) for subject in created.values_list("subject", flat=True)]
    return list(Draft.objects.filter(pk__in=ids, trashed_at=None).order_by("pk"))


def find_withdrawer() -> User:
    """An active member of staff with all the permissions that it takes. Raises NobodyMayWithdraw."""
    for user in User.objects.filter(is_active=True, is_staff=True).order_by("pk"):
        if may_withdraw(user) and may_publish(user) and may_write(user):
            return user
    raise NobodyMayWithdraw

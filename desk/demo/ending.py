"""The end of the demo: its accounts are locked, on request its stories go."""

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
    """Lock the demo's accounts, and take the published password from whoever else has it; all of them.

    Run twice, it finds nobody.
    """
    holders = {user.pk: user for user in holders_of_published_password()}
    demo = {user.pk: user for user in User.objects.filter(email__in=DEMO_EMAILS, is_active=True)}
    # Somebody's own account at such an address, from before the demo, keeps its own password.
    theirs = {pk for pk, user in demo.items() if user.has_usable_password()} - set(holders)
    ended = [user for pk, user in sorted({**demo, **holders}.items()) if pk not in theirs]
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
    """Withdraw what readers have of the demo, cancel its plans, put its drafts into the trash; how many.

    Call it before `end_demo`: it acts in the name of somebody who may. Raises NobodyMayWithdraw.
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
    """The drafts that the demo began: it fills empty databases only, so all that were begun before it
    was written down that it had been loaded."""
    loaded = Entry.objects.filter(verb=LOADED_VERB).order_by("pk").first()
    if loaded is None:
        return []
    begun = Entry.objects.filter(kind="desk.draft", verb="began", pk__lt=loaded.pk)
    numbers = [int(number) for number in begun.values_list("subject", flat=True)]
    return list(Draft.objects.filter(pk__in=numbers, trashed_at=None).order_by("pk"))


def find_withdrawer() -> User:
    """Somebody active who may do all of it. Raises NobodyMayWithdraw."""
    for user in User.objects.filter(is_active=True, is_staff=True).order_by("pk"):
        if may_withdraw(user) and may_publish(user) and may_write(user):
            return user
    raise NobodyMayWithdraw

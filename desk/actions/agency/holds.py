"""End a wire hold: a person has read what the agency changed and lets the story go out."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from articles.models import Article, Edition
from audit.actions import record_audit
from desk.actions.bundling import save_bundle_version
from desk.actions.locking import (
    lock_articles,
    lock_bundles_of,
    lock_draft,
    require_bundles_locked,
)
from desk.actions.publishing import publish_locked
from desk.errors.wire import HoldChanged, NothingHeld
from desk.models import Bundle, Draft, Release, WireHold
from desk.notifications.wire import close_notices_of_agency
from desk.permissions import may_publish
from desk.section_rights import may_publish_draft
from newsroom.db.expressions import database_now
from newsroom.errors import require
from newsroom.text.normalization import normalize_line


@transaction.atomic
def end_hold(
    draft: Draft, *, hold: int, by: User, note: str = "", version: int | None = None
) -> Draft:
    """Confirm that the story may go out although its agency changed or cancelled its copy.

    1. Ask for the permission; lock the bundle, the draft, at the `version` decided on, and the articles
       that go out together.
    2. End the hold numbered `hold`, which the person has read, with a note for the audit log.
    3. Let go what was held back; what is due by now is published now, the releases of a bundle together.
    4. Show an article again that the source's policy had hidden.

    Raises NothingHeld, HoldChanged, EditedElsewhere, Trashed, Locked, OtherSection, and for a hidden
    article what `require_publishable` refuses.
    """
    require(may_publish(by))
    article_id = Draft.objects.filter(pk=draft.pk).values_list("article", flat=True).first()
    bundles = lock_bundles_of(article_id) if article_id else set()
    draft = lock_draft(draft, by=by, may=may_publish_draft, version=version)
    together = Release.objects.waiting().filter(bundle__in=bundles)
    articles = lock_articles([draft.article_id or 0, *together.values_list("article", flat=True)])
    article = articles.get(draft.article_id or 0)
    if article:
        require_bundles_locked(article.pk, bundles)
    open_hold = WireHold.objects.open().filter(draft=draft).first()
    if open_hold is None:
        raise NothingHeld
    if open_hold.pk != hold:
        raise HoldChanged
    note = normalize_line(note)[:300]
    open_hold.end(at=database_now(), by_id=by.pk, note=note)
    record_audit(draft, verb="ended_wire_hold", by=by, kind=open_hold.kind, note=note)
    close_notices_of_agency(draft)
    if article:
        stop_holding(article, by=by)
        if open_hold.is_hidden:
            show_again(article, by=by)
    return draft


def stop_holding(article: Article, *, by: User) -> None:
    """Hold the waiting release of a locked article back no longer."""
    release = Release.objects.held_back().filter(article=article).select_related("bundle").first()
    if release is None:
        return
    release.held_at = None
    release.reset_attempts(["held_at"])
    record_audit(release, verb="let_go", by=by)
    together = [release]
    if release.bundle:
        together = list(Release.objects.waiting().filter(bundle=release.bundle).order_by("pk"))
    if not any(each.held_at for each in together):
        move_overdue_to_now(together, bundle=release.bundle)


def move_overdue_to_now(releases: Iterable[Release], *, bundle: Bundle | None) -> None:
    """Set the time of publication, which readers see, to now where it passed while they were held back."""
    now, is_moved = database_now(), False
    for release in releases:
        if release.due_at < now:
            release.due_at, is_moved = now, True
            release.reset_attempts(["due_at"])
    if bundle and is_moved:
        bundle.due_at = now
        save_bundle_version(bundle, fields=["due_at"])


def show_again(article: Article, *, by: User) -> None:
    """Publish the edition again that readers had of a hidden article, as of now; not where the article was
    withdrawn or has expired."""
    has_expired = article.expires_at is not None and article.expires_at <= database_now()
    if article.live_id or article.withdrawn_at or has_expired:
        return
    done = Release.objects.done().filter(article=article)
    last = done.order_by("-edition__number", "-pk").values("edition", "approved_by").first()
    if last is None:
        return
    edition = Edition.objects.get(pk=last["edition"])
    edition.article = article
    publish_locked(edition, by=by, approver_id=last["approved_by"])

"""Notices of agency copy: the agency cancelled, withheld or corrected what a story was written from."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from desk.models import Draft, Notice, Release
from desk.notifications.notify import create_notices
from desk.permissions import can_act
from desk.section_rights import (
    load_section_roles,
    may_read_draft,
    people_with_right,
)
from wire.changes import ChangeKind

What = Notice.What
CHIEF_PERMISSION = "accounts.change_user"  # as `section_rights.may_manage_section_roles`
WHAT_BY_KIND = {
    ChangeKind.CANCELLED: What.WIRE_CANCELLED,
    ChangeKind.CANCELLED_BY_HAND: What.WIRE_CANCELLED_BY_HAND,
    ChangeKind.WITHHELD: What.WIRE_WITHHELD,
    ChangeKind.CORRECTION: What.WIRE_CORRECTED,
    ChangeKind.EMBARGO: What.WIRE_EMBARGO,
}


def notify_of_agency_change(
    draft: Draft, kind: ChangeKind, *, sentences: Sequence[str], release: Release | None
) -> list[Notice]:
    """Notify, once each, those who answer for the draft: `people_of_draft`. In the caller's transaction.

    `sentences` say what happened and what was done; a correction adds the address of its diff.
    """
    lines = [" ".join(sentences)]
    if kind == ChangeKind.CORRECTION:
        address = settings.SITE_URL + reverse("admin:desk_draft_agency", args=[draft.pk])
        lines.append(_("What is different: %(address)s") % {"address": address})
    return create_notices(
        draft,
        what=WHAT_BY_KIND[kind],
        label=str(draft),
        reason="\n".join(lines),
        people=people_of_draft(draft, release, timezone.now()),
    )


def people_of_draft(draft: Draft, release: Release | None, now: datetime) -> list[User]:
    """Who began it, changed it last, approved or writes it, who scheduled what waits and what readers have,
    and the chief editors who can sign in now. Only those who may read it."""
    concerned = {
        draft.created_by_id,
        draft.changed_by_id,
        draft.assigned_to_id,
        draft.approved_by_id,
    }
    if release:
        concerned |= {release.planned_by_id, release.approved_by_id}
        concerned.add(release.bundle.planned_by_id if release.bundle else None)
    published = Release.objects.done().filter(article=draft.article_id or 0)
    concerned.add(published.order_by("-pk").values_list("planned_by", flat=True).first())
    people = list(User.objects.filter(pk__in=list(filter(None, concerned))))
    load_section_roles(people)
    readers = [
        person
        for person in people
        if can_act(person, "desk.view_draft", now) and may_read_draft(person, draft)
    ]
    chiefs = people_with_right(may_read_draft, CHIEF_PERMISSION, draft, now)
    return list({person.pk: person for person in [*readers, *chiefs]}.values())


def close_notices_of_agency(draft: Draft) -> None:
    """Resolve the notices about the agency copy of a draft, whose change was confirmed."""
    own = Notice.objects.unresolved().filter(kind=draft._meta.label_lower, subject=draft.pk)
    own.filter(what__in=WHAT_BY_KIND.values()).update(over_at=timezone.now(), mail_at=None)

"""Four-eyes rule: which drafts need an approval, whether they have one, and who can give it.

`FOUR_EYES` makes it the rule everywhere, `Section.needs_approval` in one section. An approval is of one
version, by another person than the last editor of it. A draft that leaves such a section without one
still needs it (`Draft.moved_from`), and so does one whose article readers have in such a section.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from articles.models import Section
from desk.errors import NotApproved, PhotoTextChanged
from desk.models import Draft
from desk.rendering import library_texts_in, photo_keys_in
from desk.section_rights import may_approve_draft, people_with_right
from media.models import Photo
from media.representation import photo_text_of_use

MAX_NAMED_APPROVERS = 5


def ruling_section(draft: Draft) -> Section | None:
    """The section by whose rule the draft needs an approval; None where no section asks for one."""
    places = Q(pk__in=[draft.section_id or 0, draft.moved_from_id or 0])
    if draft.article_id:
        places |= Q(articles=draft.article_id)
    return Section.objects.filter(places, needs_approval=True).first()


def needs_approval(draft: Draft) -> bool:
    """Whether this draft is published only with an approval by a second person."""
    return settings.FOUR_EYES or ruling_section(draft) is not None


def has_approval(draft: Draft) -> bool:
    """Whether this version was approved, by another person than its last editor."""
    approver_id = draft.approved_by_id
    return draft.stage == Draft.Stage.APPROVED and approver_id not in {None, draft.changed_by_id}


def photo_text_to_approve(draft: Draft) -> dict[str, Any] | None:
    """What an edition of the draft would freeze of photo texts now: those of the lead photo, those of the
    photo for sharing (`social`), and what the body takes from the library (`in_body`, by photo key). None
    without any."""
    text: dict[str, Any] = dict(photo_text_of_use(draft.lead_photo, draft.lead_photo_text))
    if social := photo_text_of_use(draft.social_photo):
        text["social"] = social
    photos = Photo.objects.by_key(photo_keys_in(draft.body))
    if in_body := library_texts_in(draft.body, photos):
        text["in_body"] = in_body
    return text or None


def has_photo_text_changed(draft: Draft) -> bool:
    """Whether the text of a photo has changed in the photo library since the draft was approved."""
    approved = draft.approved_photo_text
    return approved is not None and photo_text_to_approve(draft) != approved


def require_approval(draft: Draft) -> None:
    """Raise NotApproved or PhotoTextChanged where the draft needs an approval and has none as it stands."""
    if not needs_approval(draft):
        return
    if not has_approval(draft):
        raise NotApproved(approver_names(draft))
    if has_photo_text_changed(draft):
        raise PhotoTextChanged


@dataclass(frozen=True)
class ApprovalState:
    """What the four-eyes rule means for a draft: the section whose rule it is ("" for the rule of the whole
    newsroom), who has approved it as it stands, or else the names of those who can."""

    section: str
    approved_by: str
    approvers: list[str]

    @property
    def is_missing(self) -> bool:
        return not self.approved_by


def approval_state(draft: Draft) -> ApprovalState | None:
    """The state of the approval that the draft needs; None where it needs none."""
    section = ruling_section(draft)
    if section is None and not settings.FOUR_EYES:
        return None
    approved_by = str(draft.approved_by) if has_approval(draft) else ""
    approvers = [] if approved_by else approver_names(draft)
    return ApprovalState(section.name if section else "", approved_by, approvers)


def require_second_person(draft: Draft, *, by: User) -> None:
    """Raise NotApproved where the draft needs an approval and this person is its last editor."""
    if draft.changed_by_id == by.pk and needs_approval(draft):
        raise NotApproved(approver_names(draft))


def approver_names(draft: Draft) -> list[str]:
    """Names of those who can approve the draft as it stands: editors here, but for its last editor."""
    people = people_with_right(may_approve_draft, "desk.approve_draft", draft, timezone.now())
    names = sorted(str(person) for person in people if person.pk != draft.changed_by_id)
    return names[:MAX_NAMED_APPROVERS]

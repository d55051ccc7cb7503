"""Permissions for one draft: the role of a person, restricted to their sections (`SectionRole`).

`desk.permissions` says what a role allows anywhere; the `may_*_draft` here say whether it does for this
draft. Actions ask again under the lock of the draft (`desk.actions.locking.lock_draft`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from articles.models import Article, Section
from desk.models import Bundle, Claim, Draft, DraftPick, Release, SectionRole
from desk.models.notices import NoticeQuerySet
from desk.models.querysets import DraftQuerySet
from desk.permissions import (
    active_superusers,
    may_approve,
    may_handle_claims,
    may_publish,
    may_read,
    may_record_claims,
    may_restore,
    may_withdraw,
    may_write,
    users_with_role,
)

DraftRight = Callable[[Any, Draft], bool]
# Kinds of audit entries that are about one story.
STORY_KINDS = {
    *("desk.draft", "desk.release", "desk.bundle", "desk.preview", "desk.claim"),
    *("articles.article", "articles.edition"),
}
SECTION_ROLES_ATTRIBUTE = "_section_roles"  # on a User, like Django's permission cache


def may_manage_section_roles(user: Any) -> bool:
    """Whether the user gives and takes section roles: chief editors, whom none restricts."""
    return bool(user.is_active and user.has_perm("accounts.change_user"))


def section_roles_of(user: Any) -> Mapping[int, str] | None:
    """{section id: role} of a restricted person; None for all sections. One query for each instance."""
    if not hasattr(user, SECTION_ROLES_ATTRIBUTE):
        load_section_roles([user])
    roles: Mapping[int, str] | None = getattr(user, SECTION_ROLES_ATTRIBUTE)
    return roles


def load_section_roles(people: Iterable[Any]) -> None:
    """Read the section roles of these people in one query."""
    people, roles = list(people), defaultdict[int, dict[int, str]](dict)
    rows = SectionRole.objects.filter(person__in=[person.pk for person in people]).order_by()
    for person_id, section_id, role in rows.values_list("person", "section", "role"):
        roles[person_id][section_id] = role
    for person in people:
        own = roles.get(person.pk)
        is_restricted = own is not None and not may_manage_section_roles(person)
        setattr(person, SECTION_ROLES_ATTRIBUTE, own if is_restricted else None)


# -- one draft ---------------------------------------------------------------------------------------


def is_own(user: Any, draft: Draft) -> bool:
    """Whether this person began the draft, or it is assigned to them."""
    return user.pk in {draft.created_by_id, draft.assigned_to_id}


def is_within_sections(user: Any, draft: Draft) -> bool:
    """Whether the draft is the person's own, or in a section where they have a role."""
    roles = section_roles_of(user)
    return roles is None or is_own(user, draft) or draft.section_id in roles


def is_editor_of(user: Any, draft: Draft) -> bool:
    """Whether the person is no less than an editor where the draft is, and where its article is now."""
    roles = section_roles_of(user)
    if roles is None:
        return True
    places = {draft.section_id, published_section_id(draft) or draft.section_id}
    return all(roles.get(place or 0) == SectionRole.Role.EDITOR for place in places)


def published_section_id(draft: Draft) -> int | None:
    """The section in which readers have the article of the draft, or had it last."""
    articles = Article.objects.filter(pk=draft.article_id or 0)
    return articles.values_list("section", flat=True).first()


def may_read_draft(user: Any, draft: Draft) -> bool:
    return may_read(user) and is_within_sections(user, draft)


def may_write_draft(user: Any, draft: Draft) -> bool:
    return may_write(user) and is_within_sections(user, draft)


def may_approve_draft(user: Any, draft: Draft) -> bool:
    return may_approve(user) and is_editor_of(user, draft)


def may_publish_draft(user: Any, draft: Draft) -> bool:
    return may_publish(user) and is_editor_of(user, draft)


def may_withdraw_draft(user: Any, draft: Draft) -> bool:
    return may_withdraw(user) and is_editor_of(user, draft)


def may_restore_draft(user: Any, draft: Draft) -> bool:
    return may_restore(user) and is_editor_of(user, draft)


def may_record_claim_on(user: Any, draft: Draft) -> bool:
    return may_record_claims(user) and is_editor_of(user, draft)


def may_handle_claim_on(user: Any, draft: Draft) -> bool:
    return may_handle_claims(user) and is_editor_of(user, draft)


def may_place_in(user: Any, section: Section | None) -> bool:
    """Whether the person may put a story into this section."""
    roles = section_roles_of(user)
    return roles is None or section is None or section.pk in roles


def people_with_right(
    right: DraftRight, permission: str, draft: Draft, now: datetime
) -> list[User]:
    """Who can act on the draft now: people with the permission by role, within their sections."""
    return people_who_can_act(permission, now, within=lambda person: right(person, draft))


def people_who_can_act(
    permission: str, now: datetime, *, within: Callable[[User], bool]
) -> list[User]:
    """Who can act now by role and `within` their sections; superusers only if there are no others: all
    people by role may be restricted to other sections."""
    for people in (users_with_role(permission, now), active_superusers(now)):
        load_section_roles(people)
        found = [person for person in people if within(person)]
        if found:
            return found
    return []


# -- lists -------------------------------------------------------------------------------------------


def visible_drafts(user: Any, drafts: Any = None) -> Any:
    """Those of these drafts (of all) that the person may read."""
    rows: DraftQuerySet = Draft.objects.all() if drafts is None else drafts
    roles = section_roles_of(user)
    return rows if roles is None else rows.within(person_id=user.pk, section_ids=list(roles))


def visible_by_draft(user: Any, rows: QuerySet[Any], article: str) -> QuerySet[Any]:
    """Those of these rows whose draft the person may read; `article` is their lookup of the article."""
    if section_roles_of(user) is None:
        return rows
    return rows.filter(Exists(visible_drafts(user).filter(article=OuterRef(article))))


def visible_releases(user: Any, releases: QuerySet[Release]) -> QuerySet[Any]:
    """Those of these releases whose story the person may read."""
    return visible_by_draft(user, releases, "article")


def visible_bundles(user: Any, bundles: QuerySet[Bundle]) -> QuerySet[Any]:
    """Those of these bundles of which the person may read every story."""
    if section_roles_of(user) is None:
        return bundles
    own = visible_drafts(user).filter(article=OuterRef("article"))
    hidden = Release.objects.filter(~Exists(own), bundle=OuterRef("pk"))
    return bundles.filter(~Exists(hidden))


def edited_rows(user: Any, rows: QuerySet[Any], *, article: str, section: str) -> QuerySet[Any]:
    """Those of these rows about articles of which the person is an editor, as `is_editor_of` says of one
    draft; `article` and `section` are the rows' lookups of the article and of its section."""
    roles = section_roles_of(user)
    if roles is None:
        return rows
    sections = [pk for pk, role in roles.items() if role == SectionRole.Role.EDITOR]
    drafts = Draft.objects.filter(article=OuterRef(article), section__in=sections)
    in_sections = Q(**{f"{section}__in": sections}) | Q(**{f"{section}__isnull": True})
    return rows.filter(in_sections, Exists(drafts))


def visible_claims(user: Any, claims: QuerySet[Any]) -> QuerySet[Any]:
    """Those of these claims about stories of which the person is an editor: a claim names who makes it."""
    return edited_rows(user, claims, article="article", section="article__section")


def visible_articles(user: Any, articles: QuerySet[Article]) -> QuerySet[Any]:
    """Those of these articles that were published once, or whose draft the person may read."""
    if section_roles_of(user) is None:
        return articles
    drafts = visible_drafts(user).filter(article=OuterRef("pk"))
    return articles.filter(Q(first_published_at__isnull=False) | Exists(drafts))


def pickable_articles(user: Any, draft: Draft | None = None) -> QuerySet[Any]:
    """The articles that the person may pick as related to this draft; those picked already are among
    them."""
    articles = Article.objects.all()
    if section_roles_of(user) is None:
        return articles
    visible = visible_articles(user, articles)
    picked = DraftPick.objects.filter(draft=draft).values("article") if draft else []
    return articles.filter(Q(pk__in=visible.values("pk")) | Q(pk__in=picked))


def claimable_articles(user: Any, articles: QuerySet[Article]) -> QuerySet[Any]:
    """Those of these articles about which the person may record a claim."""
    return edited_rows(user, articles, article="pk", section="section")


def visible_notices(user: Any, notices: NoticeQuerySet) -> NoticeQuerySet:
    """Those of these notices about a story that the person may read, or about no story."""
    if section_roles_of(user) is None:
        return notices
    drafts = visible_drafts(user).filter(pk=OuterRef("subject"))
    releases = visible_releases(user, Release.objects.filter(pk=OuterRef("subject")))
    bundles = visible_bundles(user, Bundle.objects.filter(pk=OuterRef("subject")))
    claims = visible_claims(user, Claim.objects.filter(pk=OuterRef("subject")))
    return notices.exclude(
        Q(kind="desk.draft") & ~Exists(drafts)
        | Q(kind="desk.release") & ~Exists(releases)
        | Q(kind="desk.bundle") & ~Exists(bundles)
        | Q(kind="desk.claim") & ~Exists(claims)
    )


def placeable_sections(user: Any, draft: Draft | None = None) -> Any:
    """The sections into which the person may put this draft; the one it is in is among them."""
    roles = section_roles_of(user)
    if roles is None:
        return Section.objects.all()
    own = draft.section_id if draft else None
    return Section.objects.filter(pk__in=[*roles, own or 0])


def may_read_all_entries(user: Any, kind: str) -> bool:
    """Whether the audit log shows the person entries of this kind: those about stories of all sections are
    hidden from a restricted person, who reads them on the page of each story."""
    return kind not in STORY_KINDS or section_roles_of(user) is None

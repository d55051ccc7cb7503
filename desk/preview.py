"""Preview of a draft: the article page data that readers would get, through the same serializer.

The article and the edition are built in memory; nothing is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from articles.api.serializers import PageOut
from articles.body_blocks import boxed_ids, fill_related_boxes
from articles.models import Article, ArticleCounts, Author, Edition, Masthead
from articles.models.read_models import ArticleCard
from articles.read_queries import live_boxed_links
from desk.actions import waiting_release
from desk.actions.drafts import authors_of
from desk.actions.freezing import frozen_text
from desk.models import Draft, DraftPick, DraftTag
from desk.rendering import PHOTO_PATH, photo_keys_in
from media.models import Photo


@dataclass(frozen=True)
class PreviewLists:
    """The lists of a draft: as they are stored, or as a form has them."""

    authors: Sequence[Author]
    tags: Sequence[dict[str, str]]  # slug and name
    picks: Sequence[int]  # ids of related articles
    sides: list[dict[str, Any]]  # of its poll


def stored_lists(draft: Draft) -> PreviewLists:
    """The lists of a draft as they are stored."""
    tags = DraftTag.objects.filter(draft=draft).select_related("tag")
    return PreviewLists(
        authors=authors_of(draft),
        tags=[{"slug": row.tag.slug, "name": row.tag.name} for row in tags],
        picks=list(DraftPick.objects.filter(draft=draft).values_list("article_id", flat=True)),
        sides=poll_side_rows(draft),
    )


def preview_page_data(
    draft: Draft, *, photos_at: str, lists: PreviewLists | None = None
) -> dict[str, Any]:
    """The page data of the reader API for a draft; photos have URLs under `photos_at`.

    `lists` are those of a draft that is not saved; else they are read.
    """
    lists = lists or stored_lists(draft)
    article = unsaved_live_article(draft, lists)
    if uids := boxed_ids(article.live.body_html):
        links = live_boxed_links(uids, of=draft.article_id)
        article.live.body_html = fill_related_boxes(article.live.body_html, links)
    page: dict[str, Any] = PageOut(article, context={"related": live_picks(lists.picks)}).data
    page["body_html"] = page["body_html"].replace(PHOTO_PATH, photos_at)
    for photo in (page["lead_photo"], page["social_photo"]):
        for source in (photo or {}).get("sources", ()):
            source["url"] = source["url"].replace(PHOTO_PATH, photos_at)
    return page


def unsaved_live_article(draft: Draft, lists: PreviewLists) -> Any:
    """An unsaved live article with all that an ArticlePage has; the draft's photos and poll count as
    public."""
    authors = lists.authors
    edition = Edition(number=0, correction_kind="", **frozen_text(draft, authors))
    saved, waiting = draft.article, waiting_release(draft.article)
    published_at = waiting.due_at if waiting else timezone.now()
    for photo in (draft.lead_photo, draft.social_photo):
        if photo:
            photo.public = True
    if draft.poll:
        draft.poll.public = True
    article: Any = Article(
        **({"uid": saved.uid} if saved else {}),
        slug=draft.slug or (saved.slug if saved else ""),
        live=edition,
        section=draft.section,
        lead_photo=draft.lead_photo,
        social_photo=draft.social_photo,
        poll=draft.poll,
        comments_mode=draft.comments_mode,
        corrections=saved.corrections if saved else [],
        first_published_at=(saved.first_published_at if saved else None) or published_at,
        published_at=published_at,
    )
    article.counts = ArticleCounts()
    article.vote_count = 0
    article.author_rows = [
        {"slug": a.slug, "name": a.name, "role": a.role, "title": a.title} for a in authors
    ]
    article.tag_rows = list(lists.tags)
    article.side_rows = lists.sides
    masthead = Masthead.current()
    article.tip_address = masthead.tip_address
    article.paper, article.rights = masthead.name, masthead.copyright
    return article


def poll_side_rows(draft: Draft) -> list[dict[str, Any]]:
    """The sides of the draft's poll, without votes."""
    names = ("key", "label", "persona", "avatar", "argument")
    rows = draft.poll.sides.values(*names) if draft.poll else ()
    return [{**row, "votes": 0} for row in rows]


def live_picks(picked_pks: Sequence[int]) -> list[ArticleCard]:
    """The related articles picked for a draft that are live, in the picked order."""
    cards = Article.objects.live().filter(pk__in=picked_pks).as_cards()
    by_pk = {article.pk: article for article in cards}
    return [by_pk[pk] for pk in picked_pks if pk in by_pk]


def shows_photo(draft: Draft, photo: Photo) -> bool:
    """Whether the page of the draft shows this photo, as lead photo, in share cards or in the body."""
    is_own = photo.pk in {draft.lead_photo_id, draft.social_photo_id}
    return is_own or photo.key in photo_keys_in(draft.body)

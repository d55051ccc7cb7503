"""A draft as readers would get it: the same words through the same serializer, before they are frozen.

Nothing here is written: the article and the edition are made in memory and thrown away.
"""

from typing import Any

from django.utils import timezone

from articles.api.serializers import PageOut
from articles.models import Article, ArticleCounts, Edition, Masthead
from desk.actions import waiting_release
from desk.actions.drafts import authors_of
from desk.actions.freezing import frozen_text
from desk.models import Draft, DraftPick, DraftTag
from desk.rendering import PHOTO_PATH, photo_keys_in
from media.models import Photo


def preview_page_data(draft: Draft, *, photos_at: str) -> dict[str, Any]:
    """The article page of the API for a draft, its private photos at addresses under `photos_at`."""
    page: dict[str, Any] = PageOut(
        unsaved_live_article(draft), context={"related": live_picks(draft)}
    ).data
    page["body_html"] = page["body_html"].replace(PHOTO_PATH, photos_at)
    for source in (page["lead_photo"] or {}).get("sources", ()):
        source["url"] = source["url"].replace(PHOTO_PATH, photos_at)
    return page


def unsaved_live_article(draft: Draft) -> Any:
    """An article in memory that carries what its page shows; what is public only in it counts as public."""
    authors = authors_of(draft)
    edition = Edition(number=0, correction_kind="", **frozen_text(draft, authors))
    was, waiting = draft.article, waiting_release(draft.article)
    shown_at = waiting.due_at if waiting else timezone.now()
    if draft.lead_photo:
        draft.lead_photo.public = True
    if draft.poll:
        draft.poll.public = True
    article: Any = Article(
        **({"uid": was.uid} if was else {}),
        slug=draft.slug or (was.slug if was else ""),
        live=edition,
        section=draft.section,
        lead_photo=draft.lead_photo,
        poll=draft.poll,
        comments_mode=draft.comments_mode,
        corrections=was.corrections if was else [],
        first_published_at=(was.first_published_at if was else None) or shown_at,
        published_at=shown_at,
    )
    article.counts = ArticleCounts()
    article.vote_count = 0
    article.author_rows = [
        {"slug": a.slug, "name": a.name, "role": a.role, "title": a.title} for a in authors
    ]
    tags = DraftTag.objects.filter(draft=draft).select_related("tag")
    article.tag_rows = [{"slug": row.tag.slug, "name": row.tag.name} for row in tags]
    article.side_rows = poll_side_rows(draft)
    masthead = Masthead.current()
    article.tip_address = masthead.tip_address
    article.paper, article.rights = masthead.name, masthead.copyright
    return article


def poll_side_rows(draft: Draft) -> list[dict[str, Any]]:
    names = ("key", "label", "persona", "avatar", "argument")
    rows = draft.poll.sides.values(*names) if draft.poll else ()
    return [{**row, "votes": 0} for row in rows]


def live_picks(draft: Draft) -> list[Article]:
    """The picked articles that readers can open, in the editors' order."""
    numbers = DraftPick.objects.filter(draft=draft).values_list("article_id", flat=True)
    cards = Article.objects.live().filter(pk__in=list(numbers)).as_cards()
    found = {article.pk: article for article in cards}
    return [found[pk] for pk in numbers if pk in found]


def shows_photo(draft: Draft, photo: Photo) -> bool:
    """Whether the draft's page shows this photo."""
    return draft.lead_photo_id == photo.pk or photo.key in photo_keys_in(draft.body)

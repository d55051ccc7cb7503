"""Go live: `Article.live` moves to an edition, with all that follows, for one release or a whole batch.

Every read and write covers the whole batch, so that ten thousand releases of one second are live within
seconds.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db import IntegrityError, connection, transaction

from articles.models import Article, Edition, FormerSlug
from articles.syndication.feed_updates import append_feed_changes
from desk.actions.article_events import (
    ArticleChange,
    listings_of,
    live_event_name,
    publish_live_events,
)
from desk.actions.drafts import is_slug_taken
from desk.actions.list_rows import delete_list_rows, insert_list_rows
from desk.actions.visibility import reveal_media
from desk.models import Release
from newsroom.db.expressions import IdArray, sql_integers

# Columns of an article that are copies of its live edition's.
COPIED_COLUMNS = ("section_id", "lead_photo_id", "social_photo_id", "poll_id", "comments_mode")
# A join of the three tables is planned for full reads of each in a loop, where the statistics of PostgreSQL
# call them empty. A subquery that gives one value is executed for each article, by index.
RELEASE_OF_ARTICLE = (
    "FROM desk_release r WHERE r.article_id = articles_article.id AND r.id IN ({releases})"
)
UPDATE_ARTICLES = """
UPDATE articles_article SET live_id = (SELECT r.edition_id {release}),
  published_at = (SELECT CASE WHEN articles_article.published_at > r.due_at
    THEN articles_article.published_at ELSE r.due_at END {release}),
  first_published_at = COALESCE(first_published_at, (SELECT r.due_at {release})),
  (section_id, lead_photo_id, social_photo_id, poll_id, comments_mode) = (
    SELECT e.section_id, e.lead_photo_id, e.social_photo_id, e.poll_id, e.comments_mode
    FROM articles_edition e WHERE e.id = (SELECT r.edition_id {release}))
WHERE id IN ({articles})
"""
# An edition that was live before keeps the time of its first appearance.
INSERT_APPEARANCES = """
INSERT INTO articles_appearance (article_id, edition_id, published_at)
SELECT article_id, edition_id, due_at FROM desk_release WHERE id IN ({releases})
ON CONFLICT DO NOTHING
"""


def go_live(releases: Sequence[Release]) -> None:
    """Let readers see the edition of each release, published at its `due_at`.

    The only writer of `Article.live` that sets it. The caller holds the articles, has set them as
    `release.article`, and has decided that each edition may go live.

    1. Read what the events need of the state before: name, listings, polls.
    2. Move articles whose slug changes, and keep the former slug as a redirect.
    3. Add correction notes that readers have not seen.
    4. Set `Article.live` with the copied columns, and record the appearance.
    5. Record the change for the feeds of the sections it enters and leaves.
    6. Replace the denormalised rows by which lists are filtered.
    7. Make photos and polls of the edition public, and private what nothing public uses any more.
    8. Publish one outbox event for each article.
    """
    republished = [each for each in releases if each.article.first_published_at]
    changes = {each.article_id: ArticleChange(live_event_name(each)) for each in releases}
    for article_id, slugs in listings_of([each.article_id for each in republished]).items():
        changes[article_id].add_listings(slugs)
    for each in releases:
        changes[each.article_id].polls |= {each.article.poll_id, each.edition.poll_id}
        move_slug(each.article, each.edition)
    add_corrections(republished)
    former_sections = {
        each.article_id: each.article.section_id for each in releases if each.article.live_id
    }
    set_live(releases)
    append_feed_changes(
        (section_id, each.article.first_published_at)
        for each in releases
        for section_id in {each.edition.section_id, former_sections.get(each.article_id)}
        if each.article.first_published_at
    )
    editions = [each.edition for each in releases]
    delete_list_rows([each.article_id for each in republished])
    for article_id, slugs in insert_list_rows(editions).items():
        changes[article_id].add_listings(slugs)
    for article_id, photo_keys in reveal_media(editions).items():
        changes[article_id].photos = photo_keys
    publish_live_events(releases, changes)


def set_live(releases: Sequence[Release]) -> None:
    """Set `Article.live`, its times and the copied columns: in the database, then in memory."""
    ids = sql_integers(release.pk for release in releases)
    articles = sql_integers(release.article_id for release in releases)
    release_sql = RELEASE_OF_ARTICLE.format(releases=ids)
    with connection.cursor() as cursor:
        cursor.execute(UPDATE_ARTICLES.format(release=release_sql, articles=articles))
        cursor.execute(INSERT_APPEARANCES.format(releases=ids))
    for release in releases:
        article, edition = release.article, release.edition
        article.live = edition
        for name in COPIED_COLUMNS:
            setattr(article, name, getattr(edition, name))
        article.published_at = max(release.due_at, article.published_at or release.due_at)
        article.first_published_at = article.first_published_at or release.due_at


def move_slug(article: Article, edition: Edition) -> None:
    """Give the article the slug of the edition; the former one redirects to it from now on.

    Where another article has taken the slug since the freeze, the article keeps the one it has:
    publication never fails for it.
    """
    former = article.slug
    if edition.slug == former or is_slug_taken(edition.slug, excluding=article.pk):
        return
    article.slug = edition.slug
    try:
        with transaction.atomic():
            article.save(update_fields=["slug"])
    except IntegrityError:  # taken by a concurrent transaction
        article.slug = former
        return
    if article.first_published_at:
        FormerSlug.objects.get_or_create(slug=former, defaults={"article": article})
        FormerSlug.objects.filter(slug=edition.slug, article=article).delete()


def add_corrections(releases: Sequence[Release]) -> None:
    """Add the correction notes of the editions that go live, and of the overtaken editions that they
    contain, to `Article.corrections`, each once."""
    if not releases:
        return
    overtaken = Release.objects.filter(
        article__in_array=IdArray(release.article_id for release in releases),
        state=Release.State.OVERTAKEN,
    )
    edition_ids = [*overtaken.values_list("edition_id", flat=True)]
    edition_ids += [release.edition_id for release in releases]
    corrected = Edition.objects.exclude(correction_kind="").only(
        "article_id", "number", "correction_kind", "correction_note"
    )
    editions = defaultdict[int, list[Edition]](list)
    for edition in corrected.filter(pk__in_array=IdArray(edition_ids)).order_by("number"):
        editions[edition.article_id].append(edition)
    for release in releases:
        article, at = release.article, release.due_at.isoformat()
        noted = {note["edition"] for note in article.corrections}
        new = [
            {"edition": e.number, "kind": e.correction_kind, "note": e.correction_note, "at": at}
            for e in editions[article.pk]
            if e.number <= release.edition.number and e.number not in noted
        ]
        if new:
            article.corrections = [*article.corrections, *new]
            article.save(update_fields=["corrections"])

"""Visibility of photos and polls: public while a live article uses them, private otherwise.

Two articles may share a photo or poll and change at once; the row lock of the photo or poll decides.
Photos are locked at once and in the order of their ids, then polls in theirs, against deadlocks.
"""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q, QuerySet

from articles.models import BODY_HAS_PHOTOS, Article, Edition, PhotoUse
from desk.rendering import photo_keys_in
from media.actions import lock_photos, make_photos_private, make_photos_public
from media.models import Photo
from newsroom.db.expressions import IdArray
from polls.actions import lock_polls, make_polls_private, make_polls_public

# {article id: keys of photos that it showed and that are not public any more}
HiddenPhotoKeys = dict[int, list[str]]


def reveal_media(editions: Iterable[Edition]) -> HiddenPhotoKeys:
    """Make public the photos and polls of these editions, which are live already, and private those that
    their articles used before and nothing public uses any more."""
    return update_visibility({edition.article_id: edition.pk for edition in editions})


def hide_media(article: Article) -> list[str]:
    """Make private what only this article used, which is not live any more; the keys of its photos that
    are private now."""
    return update_visibility({article.pk: None}).get(article.pk, [])


def update_visibility(live: Mapping[int, int | None]) -> HiddenPhotoKeys:
    """Replace the photo uses of these articles by those of their live editions; hide what nothing uses.

    `live`: {article id: edition id, or None where it is not live}.

    1. Lock every photo that any edition of these articles shows.
    2. Replace the rows of PhotoUse.
    3. Make photos in use public, and those without any use private.
    4. Lock the polls of these articles; make public those that a live article has, private the others.
    """
    editions = Edition.objects.filter(article__in_array=IdArray(live))
    own_photos, poll_ids = own_photos_and_polls(editions)
    shown = photos_by_edition(editions, own_photos=own_photos)
    used = {
        article_id: shown.get(edition_id or 0, set()) for article_id, edition_id in live.items()
    }
    locked = lock_photos(set[int]().union(*shown.values()))
    uses = PhotoUse.objects.filter(article__in_array=IdArray(live))
    former_uses = list(uses.values_list("article_id", "photo_id"))
    uses.delete()
    PhotoUse.objects.bulk_create(
        PhotoUse(article_id=article_id, photo_id=photo_id)
        for article_id, photo_ids in used.items()
        for photo_id in sorted(photo_ids)
    )
    unused = set[int]()
    if locked:
        make_photos_public(set[int]().union(*used.values()))
        in_use = PhotoUse.objects.filter(photo__in=locked).values_list("photo_id", flat=True)
        make_photos_private(unused := locked - set(in_use))
    if locked_polls := lock_polls(poll_ids):
        # By `Article.live` alone, as for photos: embargo and expiry are checked by each read.
        live_articles = Article.objects.filter(live__isnull=False, poll__in=locked_polls)
        make_polls_public(public := set(live_articles.values_list("poll_id", flat=True)))
        make_polls_private(locked_polls - public)
    return keys_of_hidden(former_uses, unused)


def keys_of_hidden(
    former_uses: Iterable[tuple[int, int]], photo_ids: Collection[int]
) -> HiddenPhotoKeys:
    """The keys of these photos, by the articles that showed them: (article id, photo id)."""
    keys = dict(Photo.objects.filter(pk__in=photo_ids).values_list("pk", "key"))
    hidden: HiddenPhotoKeys = {}
    for article_id, photo_id in former_uses:
        if photo_id in keys:
            hidden.setdefault(article_id, []).append(keys[photo_id])
    return hidden


def own_photos_and_polls(editions: QuerySet[Edition]) -> tuple[dict[int, set[int]], set[int]]:
    """({edition id: ids of its lead photo and its photo for sharing}, ids of polls) of these editions."""
    with_media = editions.filter(
        Q(lead_photo__isnull=False) | Q(social_photo__isnull=False) | Q(poll__isnull=False)
    )
    rows = list(with_media.values_list("pk", "lead_photo_id", "social_photo_id", "poll_id"))
    photos = {pk: {photo for photo in (lead, social) if photo} for pk, lead, social, _poll in rows}
    own_photos = {edition_id: ids for edition_id, ids in photos.items() if ids}
    return own_photos, {poll_id for *_ids, poll_id in rows if poll_id}


def photos_by_edition(
    editions: QuerySet[Edition], *, own_photos: Mapping[int, set[int]]
) -> dict[int, set[int]]:
    """{edition id: ids of the photos that it shows}, of editions that show some."""
    photos = {edition_id: set(photo_ids) for edition_id, photo_ids in own_photos.items()}
    bodies = editions.filter(BODY_HAS_PHOTOS).values_list("pk", "body_html")
    keys = {edition_id: photo_keys_in(html) for edition_id, html in bodies}
    if keys:
        rows = Photo.objects.filter(key__in=set[str]().union(*keys.values()))
        ids = dict(rows.values_list("key", "pk"))
        for edition_id, own in keys.items():
            photos.setdefault(edition_id, set()).update(ids[key] for key in own & ids.keys())
    return photos

"""What else becomes public with articles, and private again without them: their polls, their photos.

Two articles may use one photo or poll and move at once; the row lock on the photo or poll decides.
All photos are locked at once and in the order of their numbers, then the polls in theirs, so that
two such moves never wait for each other.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from articles.models import BODY_HAS_PHOTOS, Article, Edition, PhotoUse
from desk.rendering import photo_keys_in
from media.actions import lock_photos
from media.actions import make_photos_private as hide_photos
from media.actions import make_photos_public as reveal_photos
from media.models import Photo
from newsroom.db.expressions import id_array
from polls.actions import lock_polls
from polls.actions import make_polls_private as hide_polls
from polls.actions import make_polls_public as reveal_polls

# Keys of photos that readers no longer see, by the number of the article that showed them.
HiddenPhotoKeys = dict[int, list[str]]


def reveal_media(editions: Iterable[Edition]) -> HiddenPhotoKeys:
    """Make public what readers of these editions see beside their words, and private what they no
    longer see. Their articles point at them already."""
    return arrange({edition.article_id: edition.pk for edition in editions})


def hide_media(article: Article) -> list[str]:
    """Make private what only this article showed; the keys of its photos that are now. It is not live
    any more already."""
    return arrange({article.pk: None}).get(article.pk, [])


def arrange(shown: Mapping[int, int | None]) -> HiddenPhotoKeys:
    """Let articles use exactly the photos of the edition shown, and the poll it carries; hide what
    nothing uses. Articles and editions by their numbers."""
    editions = Edition.objects.filter(article__in=id_array(shown))
    leads, carried = leads_and_polls(editions)
    held = photos_by_edition(editions, leads=leads)
    used = {article: held.get(edition or 0, set()) for article, edition in shown.items()}
    locked = lock_photos(set[int]().union(*held.values()))
    uses = PhotoUse.objects.filter(article__in=id_array(shown))
    before = list(uses.values_list("article", "photo", "photo__key"))
    uses.delete()
    PhotoUse.objects.bulk_create(
        PhotoUse(article_id=article, photo_id=photo)
        for article, photos in used.items()
        for photo in sorted(photos)
    )
    gone = set[int]()
    if locked:
        reveal_photos(set[int]().union(*used.values()))
        in_use = PhotoUse.objects.filter(photo__in=locked).values_list("photo_id", flat=True)
        hide_photos(gone := locked - set(in_use))
    if polls := lock_polls(carried):
        # By the pointer alone, as for photos: their terms, which may change, are asked by each reading.
        pointed = Article.objects.filter(live__isnull=False, poll__in=polls)
        reveal_polls(seen := set(pointed.values_list("poll_id", flat=True)))
        hide_polls(polls - seen)
    hidden: HiddenPhotoKeys = {}
    for article, photo, key in before:
        if photo in gone:
            hidden.setdefault(article, []).append(key)
    return hidden


def leads_and_polls(editions: QuerySet[Edition]) -> tuple[dict[int, int], set[int]]:
    """The lead photos of these editions, by the edition, and the polls they carry: their numbers."""
    some = editions.filter(Q(lead_photo__isnull=False) | Q(poll__isnull=False))
    rows = list(some.values_list("pk", "lead_photo_id", "poll_id"))
    leads = {edition: lead for edition, lead, _poll in rows if lead}
    return leads, {poll for _edition, _lead, poll in rows if poll}


def photos_by_edition(
    editions: QuerySet[Edition], *, leads: Mapping[int, int]
) -> dict[int, set[int]]:
    """The numbers of the photos that each of these editions shows; without those that show none."""
    found = {edition: {lead} for edition, lead in leads.items()}
    bodies = editions.filter(BODY_HAS_PHOTOS).values_list("pk", "body_html")
    keys = {edition: photo_keys_in(html) for edition, html in bodies}
    if keys:
        known = Photo.objects.filter(key__in=set[str]().union(*keys.values()))
        numbers = dict(known.values_list("key", "pk"))
        for edition, own in keys.items():
            found.setdefault(edition, set()).update(numbers[key] for key in own & numbers.keys())
    return found

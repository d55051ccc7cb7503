"""What else becomes public with an article, and private again without it: its poll, its photos.

Two articles may use one photo or poll and move at once; the row lock on the photo or poll decides.
All photos are locked at once and in the order of their numbers, then the polls in theirs, so that
two such moves never wait for each other.
"""

from django.db.models import QuerySet

from articles.models import Article, Edition, PhotoUse
from desk.rendering import photos_in
from media.actions import hide as hide_photos
from media.actions import lock as lock_photos
from media.actions import reveal as reveal_photos
from media.models import Photo
from polls.actions import hide as hide_poll
from polls.actions import lock as lock_poll
from polls.actions import reveal as reveal_poll


def uncover(article: Article, edition: Edition) -> None:
    """Make public what readers of this edition see beside its words, and private what they no
    longer see. The article points at the edition already."""
    own = Photo.objects.filter(key__in=photos_in(edition.body_html))
    lead = {edition.lead_photo_id} if edition.lead_photo_id else set[int]()
    arrange(article, photos={*own.values_list("pk", flat=True), *lead})


def cover(article: Article) -> None:
    """Make private what only this article showed. It is not live any more already."""
    arrange(article, photos=set())


def arrange(article: Article, *, photos: set[int]) -> None:
    """Let the article use exactly these photos and the poll it carries; hide what nothing uses."""
    editions = Edition.objects.filter(article=article)
    locked = lock_photos(photos | photos_of(editions))
    PhotoUse.objects.filter(article=article).delete()
    PhotoUse.objects.bulk_create(PhotoUse(article=article, photo_id=pk) for pk in sorted(photos))
    reveal_photos(photos)
    in_use = PhotoUse.objects.filter(photo__in=locked).values_list("photo_id", flat=True)
    hide_photos(locked - set(in_use))
    polls = editions.filter(poll__isnull=False).values_list("poll_id", flat=True)
    for poll_id in sorted(set(polls)):
        lock_poll(poll_id)
        is_shown = Article.objects.live().filter(poll=poll_id).exists()
        (reveal_poll if is_shown else hide_poll)(poll_id)


def photos_of(editions: QuerySet[Edition]) -> set[int]:
    """The numbers of all photos that these editions show."""
    keys = set[str]().union(*map(photos_in, editions.values_list("body_html", flat=True)))
    leads = editions.filter(lead_photo__isnull=False).values_list("lead_photo_id", flat=True)
    return {*Photo.objects.filter(key__in=keys).values_list("pk", flat=True), *leads}

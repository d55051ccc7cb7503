"""What else becomes public with an article, and private again without it: its poll, its photos.

Two articles may use one photo or poll and move at once; the row lock on the photo or poll decides.
"""

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
    """Make public what readers of this edition see beside its words."""
    PhotoUse.objects.filter(article=article).delete()
    shown = Photo.objects.filter(key__in=photos_in(edition.body_html)).values_list("pk", flat=True)
    used = {*shown, *([edition.lead_photo_id] if edition.lead_photo_id else [])}
    PhotoUse.objects.bulk_create(PhotoUse(article=article, photo_id=pk) for pk in sorted(used))
    reveal_photos(used)
    if edition.poll_id:
        reveal_poll(edition.poll_id)


def take_back_unused(article: Article) -> None:
    """Hide the photos and polls of this article that nothing live uses any more."""
    own = Edition.objects.filter(article=article)
    keys = set[str]().union(*map(photos_in, own.values_list("body_html", flat=True)))
    candidates = Photo.objects.filter(key__in=keys) | Photo.objects.filter(
        pk__in=own.filter(lead_photo__isnull=False).values("lead_photo")
    )
    locked = lock_photos(set(candidates.values_list("pk", flat=True)))
    in_use = PhotoUse.objects.filter(photo__in=locked).values_list("photo_id", flat=True)
    hide_photos(locked - set(in_use))
    for poll_id in sorted(set(own.filter(poll__isnull=False).values_list("poll_id", flat=True))):
        lock_poll(poll_id)
        if not Article.objects.live().filter(poll=poll_id).exists():
            hide_poll(poll_id)

"""What live articles carry along, as the rooms below ask for it (newsroom/visibility.py). Pure."""

from django.db.models import Exists, OuterRef

from articles.models import Article, PhotoUse


def poll() -> Exists:
    """That an article readers can open now carries the poll."""
    return Exists(Article.objects.live().filter(poll=OuterRef("pk")))


def photo() -> Exists:
    """That an article readers can open now shows the photo."""
    live = Article.objects.live().filter(pk=OuterRef("article"))
    return Exists(PhotoUse.objects.filter(Exists(live), photo=OuterRef("pk")))

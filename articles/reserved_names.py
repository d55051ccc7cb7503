"""Names that readers may not take as nicknames: bylines, the paper, the mascots of its polls."""

from collections.abc import Iterable

from articles.models import Author, Masthead
from polls.models import Side


def names_of_the_newsroom() -> Iterable[str]:
    """The names of all authors, of the paper and of the mascots."""
    yield from Author.objects.values_list("name", flat=True)
    yield from Masthead.objects.values_list("name", flat=True)
    yield from Side.objects.order_by().values_list("persona", flat=True).distinct()

"""List of the inbox: keyset pages, of all stories along an index or of a search."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from newsroom.admin.changelists import UncountedChangeList
from newsroom.errors import InvalidSearchQuery
from wire.admin.chips import prefetch_cancellations
from wire.admin.filters import searched_filters
from wire.inbox_search.search import InboxSearch, search_inbox
from wire.matching.clusters import attach_clusters

OLDER_VAR, NEWER_VAR = "older_than", "newer_than"
MAX_SEARCH_CHARS = 100
ONE_MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class InboxChangeList(UncountedChangeList):
    """List with links to the newer and the older page, each by the place where it begins.

    A page is the ids of its rows and of one more, then the rows with all that they show, and what is about
    the same event. No page is counted, and the thousandth costs what the first does.
    """

    page_num = 0  # pages have no numbers
    older_than: str | None = None
    newer_than: str | None = None

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """The stories that the filters of columns leave; the place of the page is no filter."""
        self.older_than = self.params.pop(OLDER_VAR, None)
        self.newer_than = self.params.pop(NEWER_VAR, None)
        for name in (OLDER_VAR, NEWER_VAR):
            self.filter_params.pop(name, None)
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request: HttpRequest) -> None:
        """The rows of the page."""
        self.page_num = 0
        try:
            found = self.search(request)
        except InvalidSearchQuery as refusal:
            self.search_help_text = str(refusal)  # shown below the input
            found = self.queryset.none()
        position = self.newer_than or self.older_than
        backwards = self.newer_than is not None
        if isinstance(found, InboxSearch):
            ids = self.find_page(found, position, backwards=backwards)
        else:
            ids = self.read_page(found, position, backwards=backwards)
        rows = {story.pk: story for story in self.root_queryset.filter(pk__in=ids)}
        self.result_list: Any = [rows[pk] for pk in ids if pk in rows]
        attach_clusters(self.result_list)
        prefetch_cancellations(self.result_list)
        # What is shown is all that is known: actions are offered for the rows of the page alone.
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count, self.show_admin_actions = False, True
        self.can_show_all, self.multi_page = False, False
        self.paginator = Paginator(ids, self.list_per_page)

    def search(self, request: HttpRequest) -> InboxSearch | QuerySet[Any]:
        """What is searched for by the words and the filters; without any all stories."""
        return search_inbox(
            self.queryset,
            words=self.query[:MAX_SEARCH_CHARS],
            **searched_filters(request),
        )

    def find_page(self, search: InboxSearch, position: str | None, *, backwards: bool) -> list[int]:
        """Story ids of a search page; sets its pagination links."""
        after = read_number(position)
        hits = search.hits(after_key=after, backwards=backwards, limit=self.list_per_page)
        ids = list(hits.keys)
        if backwards:
            ids.reverse()
        keys = [hits.keys[pk] for pk in ids]
        first, last = (keys[0], keys[-1]) if keys else positions_beside(after or 0)
        if hits.has_more:
            first, last = (hits.last_key, last) if backwards else (first, hits.last_key)
        self.link_pages(
            newer=first if after is not None and (hits.has_more or not backwards) else None,
            older=last if hits.has_more or backwards else None,
        )
        return ids

    def read_page(
        self, stories: QuerySet[Any], position: str | None, *, backwards: bool
    ) -> list[int]:
        """Story ids of an unsearched page, by index; sets its pagination links."""
        order = ("news_at", "pk") if backwards else ("-news_at", "-pk")
        if position:
            stories = stories.filter(beyond(position, backwards=backwards))
        size = self.list_per_page
        rows = list(stories.order_by(*order).values_list("pk", "news_at")[: size + 1])
        has_more, rows = len(rows) > size, rows[:size]
        if backwards:
            rows.reverse()
        first, last = "", ""
        if rows:
            first, last = cursor_of(rows[0]), cursor_of(rows[-1])
        elif position:
            moment, _dot, pk = position.partition(".")
            first, last = (f"{moment}.{number}" for number in positions_beside(int(pk)))
        self.link_pages(
            newer=first if position and (has_more or not backwards) else None,
            older=last if has_more or backwards else None,
        )
        return [pk for pk, _news_at in rows]

    def link_pages(self, *, newer: int | str | None, older: int | str | None) -> None:
        if newer is not None:
            self.newer_url = self.get_query_string({NEWER_VAR: newer})
        if older is not None:
            self.older_url = self.get_query_string({OLDER_VAR: older})


def cursor_of(row: tuple[int, datetime]) -> str:
    """The cursor of a story in the list, as a parameter: its time in microseconds, and its id."""
    pk, news_at = row
    return f"{(news_at - EPOCH) // ONE_MICROSECOND}.{pk}"


def positions_beside(number: int) -> tuple[int, int]:
    """The numbers from which "Newer" and "Older" lead away from an empty page that began after this one.

    A page does not have the row at its place: the page on the other side of it begins one before.
    """
    return number - 1, number + 1


def beyond(position: str, *, backwards: bool) -> Q:
    """Condition: older than this place in the list, or newer. Raises IncorrectLookupParameters."""
    moment, _dot, pk = position.partition(".")
    try:
        at, story = EPOCH + ONE_MICROSECOND * int(moment), int(pk)
    except (ValueError, OverflowError) as error:
        raise IncorrectLookupParameters from error
    if backwards:
        return Q(news_at__gte=at) & (Q(news_at__gt=at) | Q(news_at=at, pk__gt=story))
    return Q(news_at__lte=at) & (Q(news_at__lt=at) | Q(news_at=at, pk__lt=story))


def read_number(position: str | None) -> int | None:
    """A sort key as a parameter. Raises IncorrectLookupParameters."""
    if position is None:
        return None
    try:
        number = int(position)
    except ValueError as error:
        raise IncorrectLookupParameters from error
    if abs(number) >= 1 << 63:
        raise IncorrectLookupParameters
    return number

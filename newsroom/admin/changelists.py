"""Lists of the admin that count nothing, so that a page costs the same in a table of any size."""

from typing import Any, ClassVar

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest


class UncountedChangeList(ChangeList):
    """List with links to the newer and the older page (`newsroom/newer_older.html`) instead of numbers.

    A page is two queries: the ids of its rows and of one more along an index, then the rows with all that
    they show. At most MAX_PAGES are offered; what is older is found by search and filters.
    """

    MAX_PAGES = 200

    newer_url = ""
    older_url = ""
    is_last_offered = False

    def get_results(self, request: HttpRequest) -> None:
        """The rows of the page. Raises IncorrectLookupParameters beyond MAX_PAGES."""
        if not 1 <= self.page_num <= self.MAX_PAGES:
            raise IncorrectLookupParameters
        start, size = (self.page_num - 1) * self.list_per_page, self.list_per_page
        ids: Any = list(self.queryset.values_list("pk", flat=True)[start : start + size + 1])
        has_older = len(ids) > size
        self.result_list: Any = self.queryset.filter(pk__in=ids[:size])
        # What is shown is all that is known: actions are offered for the rows of the page alone.
        self.result_count = self.full_result_count = len(ids[:size])
        self.show_full_result_count, self.show_admin_actions = False, True
        self.can_show_all, self.multi_page = False, False
        self.paginator = Paginator(ids[:size], size)
        self.is_last_offered = has_older and self.page_num == self.MAX_PAGES
        if self.page_num > 1:
            self.newer_url = self.get_query_string({PAGE_VAR: self.page_num - 1})
        if has_older and not self.is_last_offered:
            self.older_url = self.get_query_string({PAGE_VAR: self.page_num + 1})


class CaselessSearchMixin:
    """Searches text columns for words without upper and lower case, such as Korean ones, as they are.

    PostgreSQL has statistics of the columns and not of their upper case: it stops after a page of rows
    where many are found, and need not convert each where few are.
    """

    search_fields: ClassVar[Any] = ()  # text columns, without a lookup

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        term = request.GET.get(SEARCH_VAR, "")
        lookup = "contains" if term.upper() == term.lower() else "icontains"
        return [f"{name}__{lookup}" for name in self.search_fields]

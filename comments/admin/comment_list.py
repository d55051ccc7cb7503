"""The list of comments in the admin: uncounted pages along an index, and a bounded search."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.nicknames import skeleton
from comments.models import Comment
from newsroom.admin.changelists import UncountedChangeList

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]  # generic for mypy alone
else:
    Admin = object

# Search reads the text of the newest comments only; all of one reader are found by the whole nickname.
SEARCHED_COMMENTS = 50_000
MAX_FOUND = 500
MAX_WORDS = 5


class CommentListMixin(Admin):
    """What a list of a million comments needs: no count, an index for its order, a bounded search."""

    search_fields = ("text",)
    search_help_text = _(
        "Words in the newest 50,000 comments, or the whole nickname of a reader for all of theirs."
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[UncountedChangeList]:
        return UncountedChangeList

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Held comments first, then the newest; of one state the newest first."""
        return ["-position"] if "state__exact" in request.GET else ["-is_held", "-pk"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=find_comments(search_term)), False


def find_comments(search_term: str) -> list[int]:
    """Ids of at most MAX_FOUND comments with all these words each, the newest first, and those of the
    reader with this nickname."""
    newest = Comment.objects.order_by("-pk").values_list("pk", flat=True)
    last = newest[SEARCHED_COMMENTS - 1 : SEARCHED_COMMENTS].first()
    with_words = newest.filter(*(has_word(word) for word in search_words(search_term)))
    if last is not None:
        with_words = with_words.filter(pk__gte=last)
    of_author = latest_of_reader(skeleton(search_term.strip()))
    return [*with_words[:MAX_FOUND], *of_author]


def latest_of_reader(nickname_key: str) -> list[int]:
    """Ids of at most MAX_FOUND comments of the reader with this nickname, the newest first.

    By an equal author PostgreSQL may read the primary key backwards through the comments of others, or sort
    all of the reader's: a range of one author has the order of the index alone.
    """
    author = User.objects.filter(nickname_key=nickname_key).values_list("pk", flat=True).first()
    if author is None:
        return []
    own = Comment.objects.filter(author__gte=author, author__lte=author)
    return list(own.order_by("author_id", "-pk").values_list("pk", flat=True)[:MAX_FOUND])


def search_words(search_term: str) -> list[str]:
    """The words of a search, phrases in quotation marks as one."""
    words = []
    for word in smart_split(search_term.replace("\x00", "")):
        is_quoted = len(word) > 1 and word[0] == word[-1] and word[0] in "\"'"
        words.append(unescape_string_literal(word) if is_quoted else word)
    return words[:MAX_WORDS]


def has_word(word: str) -> Q:
    """The condition that the text has a word; without upper and lower case it is compared as it is."""
    lookup = "contains" if word.upper() == word.lower() else "icontains"
    return Q(**{f"text__{lookup}": word})

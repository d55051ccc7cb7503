"""Live list of the inbox: the rows of its first page for a script that polls, and the tag of its state."""

import hashlib
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotModified,
    QueryDict,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.http import urlencode
from django.utils.translation import get_language

from newsroom.admin.base import BaseAdmin
from newsroom.http.etag import matching_etag
from wire.admin.inbox_list import NEWER_VAR, OLDER_VAR
from wire.models import Story, Version

POLL_SECONDS = 5
# So many of the newest stories are looked at for a change of their state.
WATCHED_STORIES = 100


class LiveListAdmin(BaseAdmin):
    """A list whose first page is asked for again every few seconds (newsroom/live_list.js)."""

    def get_urls(self) -> list[URLPattern]:
        live = self.admin_site.admin_view(self.live_rows)
        return [path("live/", live, name="wire_story_live"), *super().get_urls()]

    def live_rows(self, request: HttpRequest) -> HttpResponse:
        """The table of the first page with the filters of the query; 304 while nothing has happened."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        request.GET = without_position(request.GET)  # type: ignore[assignment]  # as immutable
        tag = self.live_tag(request)
        if matching_etag(request, tag):
            return HttpResponseNotModified(headers={"ETag": tag})
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseBadRequest()
        changelist.formset = None  # which the view of a list sets
        context = {"cl": changelist, "opts": self.opts}
        return TemplateResponse(
            request, "admin/wire/story/live_rows.html", context, headers={"ETag": tag}
        )

    def get_preserved_filters(self, request: HttpRequest) -> str:
        """The filters that links keep, as on the list itself."""
        match = request.resolver_match
        if match and match.url_name == "wire_story_live" and request.GET:
            return urlencode({"_changelist_filters": request.GET.urlencode()})
        return super().get_preserved_filters(request)

    def live_tag(self, request: HttpRequest) -> str:
        """The entity tag of the list for this person: what came last, and the state of the newest stories.

        Two queries along indexes, and those of `live_facts`, whatever the filters are.
        """
        shown = Story.objects.filter(current__isnull=False).order_by("-news_at", "-pk")
        states = list(shown.values_list("pk", "state_number")[:WATCHED_STORIES])
        last = Version.objects.order_by("-pk").values_list("pk", flat=True).first()
        query = without_position(request.GET).urlencode()
        person = (request.user.pk, get_language(), query)
        facts = (last, states, self.live_facts([pk for pk, _state in states]), person)
        return f'"inbox-{hashlib.sha256(repr(facts).encode()).hexdigest()[:20]}"'

    def live_facts(self, story_ids: list[int]) -> Any:
        """What rows show beside the state of their stories."""
        return ()


def without_position(query: QueryDict) -> QueryDict:
    """The query of a list for its first page, which "Newer" leads back to with the place it came from."""
    query = query.copy()
    for name in (OLDER_VAR, NEWER_VAR):
        query.pop(name, None)
    return query

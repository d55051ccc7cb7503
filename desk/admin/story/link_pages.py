"""Link check of a story in the admin: the part of the status panel that the page asks for again."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from desk.links import ExternalLinks, LinkProblem, external_links_of, link_problems_of
from desk.models import Draft
from newsroom.admin.base import BaseAdmin


@dataclass(frozen=True)
class LinkPanel:
    """What the part of the status panel about links shows."""

    draft: Draft
    link_problems: list[LinkProblem]
    external_links: ExternalLinks


class LinkPages(BaseAdmin):
    """The endpoint of the link check, for the admin of drafts."""

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:pk>/links/",
                self.admin_site.admin_view(self.link_checks),
                name="desk_draft_links",
            )
        ]
        return [*own, *super().get_urls()]

    def link_checks(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The links of the saved text to look at, as HTML."""
        draft: Draft | None = self.get_object(request, str(pk))
        if draft is None:
            raise Http404
        if not self.has_view_permission(request, draft):
            raise PermissionDenied
        panel = LinkPanel(
            draft, link_problems_of(draft, reader=request.user), external_links_of(draft)
        )
        return TemplateResponse(request, "desk/link_checks.html", {"panel": panel})

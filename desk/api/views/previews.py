"""Preview links: created and revoked by staff; the page and the photos that a link opens."""

from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from articles.body_blocks import has_embed
from articles.read_queries import current_layout
from desk.actions import create_preview, revoke_preview
from desk.api.base import IF_MATCH, DeskView
from desk.api.serializers.photos import NewPreviewOut, PreviewIn, PreviewOut
from desk.errors import EditedElsewhere
from desk.etags import ANY_TAG, entity_tag, versions_in_if_match
from desk.models import Draft, Preview
from desk.preview import preview_page_data, shows_photo
from desk.section_rights import visible_drafts
from media.files import photo_file_response
from media.models import Photo
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import (
    QuerySerializer,
    UnknownEntityTag,
    paginated_response,
    require_if_match,
)
from newsroom.http.canonical_urls import absolute_url
from newsroom.http.csp import allow_frames
from newsroom.text.embeds import FRAME_SOURCES

T = TypeVar("T", bound=HttpResponseBase)


class PreviewList(DeskView):
    """GET and POST: the preview links of a draft."""

    query: ClassVar[type[QuerySerializer]] = QuerySerializer
    pagination_class = KeysetPagination

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.draft = get_object_or_404(
            visible_drafts(self.staff_user).not_trashed(), pk=kwargs["draft_id"]
        )

    @extend_schema(parameters=[QuerySerializer], responses=PreviewOut(many=True))
    def get(self, request: Request, draft_id: int) -> Response:
        """The links to this story, newest first, without their addresses."""
        links = Preview.objects.filter(draft=self.draft).select_related("created_by")
        return paginated_response(self, links, PreviewOut)

    @extend_schema(request=PreviewIn, responses={201: NewPreviewOut})
    def post(self, request: Request, draft_id: int) -> Response:
        """Create a link that shows the story as it stands. Only this response has its address."""
        days = PreviewIn.validate_request(request)["days"]
        preview, token = create_preview(self.draft, by=self.staff_user, valid_for=days)
        data = PreviewOut(preview).data
        url = absolute_url(reverse("preview-page", args=[token]))
        headers = {"ETag": entity_tag("preview", preview.pk, 1, data)}
        return Response({**data, "url": url}, status=201, headers=headers)


class PreviewDetail(DeskView):
    """DELETE: revoke a preview link."""

    @extend_schema(parameters=[IF_MATCH], request=None, responses={204: None})
    def delete(self, request: Request, preview_id: int) -> Response:
        """Close a link for ever. If-Match: its own ETag, or its draft's, or `*`."""
        preview = get_object_or_404(
            Preview.objects.select_related("draft"),
            pk=preview_id,
            draft__in=visible_drafts(self.staff_user),
        )
        if_match, draft = require_if_match(request), preview.draft
        preview_versions = versions_in_if_match(if_match, kind="preview", number=preview.pk)
        draft_versions = versions_in_if_match(if_match, kind="draft", number=draft.pk)
        if if_match != ANY_TAG and not preview_versions and draft.version not in draft_versions:
            raise EditedElsewhere if draft_versions else UnknownEntityTag
        revoke_preview(preview, by=self.staff_user)
        return Response(status=204)


def draft_of_token(token: str) -> Draft:
    """The draft that a preview token opens. Raises Http404 for an unknown, expired or revoked token."""
    links = Preview.objects.usable(timezone.now()).select_related("draft")
    preview = links.filter(digest=Preview.digest_of(token)).first()
    if preview is None:
        raise Http404
    return preview.draft


@require_safe
def preview_page(request: HttpRequest, token: str) -> HttpResponse:
    """Preview page: the article page of the site, rendered from a draft as it is now."""
    draft = draft_of_token(token)
    with translation.override(settings.LANGUAGE_CODE):
        page = preview_page_data(draft, photos_at=f"/desk/preview/{token}/photos/")
        context = {
            "page": page,
            "is_preview": True,
            **current_layout()._asdict(),
        }
        response = mark_private(render(request, "pages/article.html", context))
    if has_embed(page["body_html"]):
        allow_frames(response, FRAME_SOURCES)
    return response


@require_safe
def preview_photo(request: HttpRequest, token: str, key: str, name: str) -> FileResponse:
    """A rendition of a photo that the draft of this token shows; 404 for any other photo."""
    draft = draft_of_token(token)
    photo = get_object_or_404(Photo, key=key)
    if not shows_photo(draft, photo):
        raise Http404
    return mark_private(photo_file_response(photo, name, cache="no-store"))


def mark_private(response: T) -> T:
    """Set the headers that keep a secret URL out of caches, search engines and referrers."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response

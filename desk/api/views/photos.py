"""Endpoints of the photo library: list, upload, describe, and files of private photos."""

from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from desk.api.base import PHOTO_IF_MATCH, DeskView, version_in_if_match
from desk.api.serializers.photos import DeskPhotoOut, PhotoChange, PhotoIn, PhotoQuery
from desk.etags import entity_tag
from media.actions import describe_photo, upload_photo
from media.errors import PhotoChanged, UploadTooLarge
from media.files import photo_file_response
from media.models import Photo
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import QuerySerializer, paginated_response

MULTIPART_OVERHEAD_BYTES = 64 * 1024  # text fields and boundaries of the form


class NewestUploadFirst(KeysetPagination):
    """Keyset pagination, the newest upload first."""

    order = ("-uploaded_at", "-pk")


class PhotoList(DeskView):
    """GET and POST: the photo library."""

    query: ClassVar[type[QuerySerializer]] = PhotoQuery
    parser_classes = (MultiPartParser,)
    pagination_class = NewestUploadFirst

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if (
            int(request.META.get("CONTENT_LENGTH") or 0)
            > settings.UPLOAD_MAX_BYTES + MULTIPART_OVERHEAD_BYTES
        ):
            raise UploadTooLarge  # before the body is read
        super().initial(request, *args, **kwargs)

    @extend_schema(parameters=[PhotoQuery], responses=DeskPhotoOut(many=True))
    def get(self, request: Request) -> Response:
        """The photo library, newest first."""
        photos = Photo.objects.for_desk()
        if text := self.params.get("q"):
            photos = photos.filter(Q(alt__icontains=text) | Q(caption__icontains=text))
        return paginated_response(self, photos, DeskPhotoOut)

    @extend_schema(request={"multipart/form-data": PhotoIn}, responses={201: DeskPhotoOut})
    def post(self, request: Request) -> Response:
        """Upload a photo. It is private until an article shows it.

        A worker decodes it: read it again until its `state` is `ready`; until then no story with it can
        be frozen, planned or published.
        """
        data = PhotoIn.validate_request(request)
        file = data.pop("file")
        photo = upload_photo(file, by=self.staff_user, name=file.name, **data)
        return photo_response(photo.pk, status=201)


class PhotoDetail(DeskView):
    """GET and PATCH: a photo; its ETag is that of the photo."""

    extra_responses: ClassVar = {"get": (304,)}

    @extend_schema(responses=DeskPhotoOut)
    def get(self, request: Request, photo_id: int) -> Response:
        """One photo."""
        return photo_response(photo_id)

    @extend_schema(parameters=[PHOTO_IF_MATCH], request=PhotoChange, responses=DeskPhotoOut)
    def patch(self, request: Request, photo_id: int) -> Response:
        """Change what the library says of a photo. What is left out stays as it is.

        Published stories keep the words they went out with; the next edition of a story without words of
        its own takes these."""
        self.photo = get_object_or_404(Photo, pk=photo_id)
        changed = PhotoChanged()
        version = version_in_if_match(request, self.photo, kind="photo", changed=changed)
        data = PhotoChange.validate_request(request)
        describe_photo(self.photo, by=self.staff_user, version=version, **data)
        return photo_response(self.photo.pk)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 412:
            response["ETag"] = photo_response(self.photo.pk)["ETag"]
        return response


def photo_response(photo_id: int, *, status: int = 200) -> Response:
    """The photo as it is now, with its ETag."""
    photo = get_object_or_404(Photo.objects.for_desk(), pk=photo_id)
    data = DeskPhotoOut(photo).data
    etag = entity_tag("photo", photo.pk, photo.version, data)
    return Response(data, status=status, headers={"ETag": etag})


class PhotoFile(DeskView):
    """GET: a rendition of a photo."""

    @extend_schema(exclude=True)  # for the admin pages, not for API clients
    def get(self, request: Request, key: str, name: str) -> FileResponse:
        """A rendition of a photo, private or public, for staff."""
        return photo_file_response(get_object_or_404(Photo, key=key), name, cache="no-store")

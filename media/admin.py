"""Admin of photos: the library, uploads, a chooser, and links to the files of private photos."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from media.actions import describe_photo, upload_photo
from media.errors import UploadTooLarge
from media.models import Photo
from newsroom.admin.base import ActionBackedAdmin
from newsroom.errors import Refused
from newsroom.text.normalization import normalize_line

PHOTOS_PER_PAGE = 24
# For the file dialog; with extensions, since not every system knows the media types of newer formats.
ACCEPTED_FILE_TYPES = (
    "image/jpeg,image/png,image/webp,image/gif,image/heic,image/heif,image/avif,image/tiff,image/bmp,"
    ".heic,.heif,.avif,.tif,.tiff,.bmp"
)
MIN_STORY_WIDTH_PIXELS = 900  # needed by a figure in a story, on phones and desktops


class UploadForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy alone
    """Form of a new photo: the file and its texts."""

    file = forms.FileField(
        label=_("picture file"),
        help_text=_(
            "JPEG, PNG, WebP, GIF, HEIC, AVIF, TIFF or BMP up to 30 MB. Place and camera data are left out."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED_FILE_TYPES}),
    )

    class Meta:
        model = Photo
        fields = ("alt", "caption", "credit")

    field_order = ("file", "alt", "caption", "credit")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(str(UploadTooLarge()))
        return file

    def upload(self, *, by: Any) -> Photo:
        """Store the upload; raises what `upload_photo` does."""
        texts = {name: self.cleaned_data[name] for name in ("alt", "caption", "credit")}
        file = self.cleaned_data["file"]
        return upload_photo(file, by=by, name=file.name, **texts)


@admin.register(Photo)
class PhotoAdmin(ActionBackedAdmin):
    """Admin of photos: list, upload, descriptions; no deletion."""

    list_display = ("thumbnail", "alt", "credit", "size", "public", "uploaded_at", "uploaded_by")
    list_display_links = ("thumbnail", "alt")
    list_filter = ("public", "state")
    list_select_related = ("uploaded_by",)
    list_per_page = 30
    search_fields = ("alt", "caption", "credit", "title")
    readonly_fields = (
        *("picture", "size", "title", "rights", "resale_prohibited"),
        *("public", "uploaded_by", "uploaded_at"),
    )

    class Media:
        js = ("media/photo_status.js",)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = path("choose/", wrap(self.choose), name="media_photo_choose")
        return [own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Photo]:
        return super().get_queryset(request).defer("placeholder")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = UploadForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("file", "alt", "caption", "credit")})]
        description = ("picture", "alt", "caption", "credit", ("focal_x", "focal_y"))
        rights = ("rights", "resale_prohibited") if obj.rights or obj.resale_prohibited else ()
        facts = ("size", "title", *rights, "public", "uploaded_by", "uploaded_at")
        return [(None, {"fields": description}), (_("Facts"), {"fields": facts})]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # editions reference it

    def save_through_action(self, obj: Photo, *, form: Any, by: Any) -> Photo:
        if obj._state.adding:
            uploaded: Photo = form.upload(by=by)
            return uploaded
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        return describe_photo(Photo.objects.get(pk=obj.pk), by=by, **changes) if changes else obj

    # -- Columns and fields ----------------------------------------------------------------

    @admin.display(description=_("photo"))
    def thumbnail(self, photo: Photo) -> str:
        if not photo.is_ready:
            return photo_status_html(photo, image_class="thumb")
        return format_html(
            '<img class="thumb" src="{}" alt="" loading="lazy">', staff_thumbnail_url(photo)
        )

    @admin.display(description=_("photo"))
    def picture(self, photo: Photo) -> str:
        if not photo.is_ready:
            return photo_status_html(
                photo, image_class="picture", least_width=MIN_STORY_WIDTH_PIXELS, alt=photo.alt
            )
        return format_html(
            '<img class="picture" src="{}" alt="{}">', staff_file_url(photo), photo.alt
        )

    @admin.display(description=_("size"))
    def size(self, photo: Photo) -> str:
        return f"{photo.width} × {photo.height}"

    # -- Chooser: the library in a popup ---------------------------------------------------

    def choose(self, request: HttpRequest) -> HttpResponse:
        """Popup to choose or upload a photo; a script hands the choice to the opening window."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_add = self.has_add_permission(request)
        form = UploadForm(request.POST or None, request.FILES or None) if may_add else None
        uploaded = self.upload(request, form) if form and request.method == "POST" else None
        query = normalize_line(request.GET.get("q", ""))[:100]
        # Failed photos cannot be used; the one just uploaded is listed with its reason.
        photos = self.get_queryset(request).filter(
            ~Q(state=Photo.State.FAILED) | Q(pk=uploaded.pk if uploaded else None)
        )
        if query:
            texts = ("alt", "caption", "credit", "title")
            photos = photos.filter(
                reduce(or_, (Q(**{f"{name}__icontains": query}) for name in texts))
            )
        page = Paginator(photos.order_by("-pk"), PHOTOS_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Choose a photo"),
            "is_popup": True,
            "form": UploadForm() if uploaded and may_add else form,
            "uploaded": uploaded,
            "page": page,
            "query": query,
            "photos": [choice(photo) for photo in page],
            "offered": [choice(photo) for photo in self.offered_photos(request)],
            "draft": request.GET.get("draft", ""),
            "least_width": MIN_STORY_WIDTH_PIXELS,
            "field": request.GET.get("field", ""),
            "function": request.GET.get("CKEditorFuncNum", ""),
        }
        return TemplateResponse(request, "desk/choose_photo.html", context)

    def offered_photos(self, request: HttpRequest) -> Iterable[Photo]:
        """Photos that the chooser offers before the library."""
        return ()

    def upload(self, request: HttpRequest, form: UploadForm) -> Photo | None:
        """The uploaded photo; None with the errors in the form."""
        if not form.is_valid():
            return None
        try:
            photo = form.upload(by=request.user)
        except Refused as refusal:
            form.add_error(getattr(refusal, "field", None), str(refusal))
            return None
        messages.success(request, gettext("Uploaded. Press it once it is shown to use it."))
        return photo


def choice(photo: Photo) -> tuple[Photo, str, str, str]:
    """A photo of the chooser: with its file, its thumbnail, and its state as HTML until it is ready."""
    status = "" if photo.is_ready else photo_status_html(photo)
    return photo, staff_file_url(photo), staff_thumbnail_url(photo), status


def staff_file_url(photo: Photo) -> str:
    """The staff URL of the narrowest file that is wide enough for a story."""
    wide = [source for source in photo.sources if source["width"] >= MIN_STORY_WIDTH_PIXELS]
    return staff_url(photo, *wide, *reversed(photo.sources))


def staff_thumbnail_url(photo: Photo) -> str:
    """The staff URL of the narrowest file."""
    return staff_url(photo, *photo.sources)


def photo_status_html(
    photo: Photo, *, image_class: str = "", least_width: int = 0, alt: str = ""
) -> str:
    """The placeholder of a photo without files: its state, or why it failed.

    A script (photo_status.js) polls the state and replaces the placeholder by the photo.
    """
    return format_html(
        '<span class="photo-status {}" role="status" data-photo="{}" data-photo-state="{}"'
        ' data-image-class="{}" data-least-width="{}" data-alt="{}">{}</span>',
        photo.state,
        reverse("desk-photo", args=[photo.pk]),
        photo.state,
        image_class,
        least_width,
        alt,
        photo.failure_reason or photo.get_state_display(),
    )


def staff_url(photo: Photo, *sources: dict[str, Any]) -> str:
    """The staff URL of the first of these files, which also serves private photos; empty without one."""
    return reverse("desk-photo-file", args=[photo.key, sources[0]["name"]]) if sources else ""

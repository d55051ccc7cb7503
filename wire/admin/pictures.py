"""Admin of pictures of stories: on the story's page, and a list with a button to fetch one again."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from media.admin import photo_status_html, staff_thumbnail_url
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin
from wire.actions.photos import may_fetch_photos, retry_picture
from wire.models import Story, StoryPhoto

TONES = {
    StoryPhoto.State.WAITING: "waits",
    StoryPhoto.State.FETCHED: "live",
    StoryPhoto.State.FAILED: "warns",
}


@dataclass(frozen=True)
class ShownPicture:
    """A picture on the page of its story: its row, the image as HTML, the chip's tone, its address."""

    row: StoryPhoto
    image: str
    tone: str
    url: str


def story_pictures(story: Story) -> list[ShownPicture]:
    """The pictures of a story, each once, in the order of the agency. One query."""
    rows = StoryPhoto.objects.filter(version__story=story).select_related("photo").order_by("pk")
    by_key: dict[str, StoryPhoto] = {}
    for row in rows:
        if row.key not in by_key or row.photo_id or not by_key[row.key].photo_id:
            by_key[row.key] = row  # the latest, unless an earlier one is in the library
    by_photo = {row.photo_id or row.key: row for row in by_key.values()}
    return [shown_picture(row) for row in by_photo.values()]


def shown_picture(row: StoryPhoto) -> ShownPicture:
    tone = TONES[StoryPhoto.State(row.state)]
    if row.photo is None:
        url = reverse("admin:wire_storyphoto_change", args=[row.pk])
        return ShownPicture(row, "", tone, url)
    url = reverse("admin:media_photo_change", args=[row.photo.pk])
    return ShownPicture(row, thumbnail(row), tone, url)


def thumbnail(row: StoryPhoto) -> str:
    """The photo in the library, or its state while it is being processed; empty without one."""
    if row.photo is None:
        return ""
    if not row.photo.is_ready:
        return photo_status_html(row.photo, image_class="thumb")
    return format_html(
        '<img class="thumb" src="{}" alt="{}" loading="lazy">',
        staff_thumbnail_url(row.photo),
        row.photo.alt,
    )


@admin.register(StoryPhoto)
class StoryPhotoAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Pictures that came with stories. Who may see stories may see them."""

    list_display = ("picture", "caption", "credit", "chip", "reason")
    list_display_links = ("picture", "caption")
    list_filter = ("state",)
    list_select_related = ("photo",)
    ordering = ("-pk",)
    buttons = (
        Button("retry", _("Fetch again"), retry_picture, _("It is fetched in a moment."),
               may_fetch_photos, is_available=StoryPhoto.can_be_retried, tone="main", shown_in_list=True),
    )  # fmt: skip
    fields = (
        *("picture", "chip", "reason", "attempts", "story_link", "href", "attachment"),
        *("caption", "credit", "rights", "resale_prohibited"),
    )
    readonly_fields = ("picture", "chip", "story_link")

    class Media:
        js = ("media/photo_status.js",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("wire.view_story"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoryPhoto]:
        return super().get_queryset(request).select_related("version__story__current", "photo")

    @admin.display(description=_("photo"))
    def picture(self, row: StoryPhoto) -> str:
        return thumbnail(row)

    @admin.display(description=_("state"), ordering="state")
    def chip(self, row: StoryPhoto) -> str:
        tone = TONES[StoryPhoto.State(row.state)]
        return format_html('<span class="chip {}">{}</span>', tone, row.get_state_display())

    @admin.display(description=_("wire story"))
    def story_link(self, row: StoryPhoto) -> str:
        address = reverse("admin:wire_story_change", args=[row.version.story_id])
        return format_html('<a href="{}">{}</a>', address, row.version.story)

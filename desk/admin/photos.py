"""Admin of photos as the desk sees it: the chooser offers the photos of a draft's wire story first."""

from collections.abc import Iterable

from django.contrib import admin
from django.http import HttpRequest

from desk.section_rights import visible_drafts
from media.admin import PhotoAdmin
from media.models import Photo
from newsroom.admin.row_ids import is_id
from wire.models import StoryPhoto

MAX_OFFERED_PHOTOS = 24

admin.site.unregister(Photo)


@admin.register(Photo)
class LibraryAdmin(PhotoAdmin):
    """The photo library."""

    def offered_photos(self, request: HttpRequest) -> Iterable[Photo]:
        """The photos of the agency story that the draft `?draft=` was begun from, each once."""
        draft_id = request.GET.get("draft", "")
        if not is_id(draft_id):
            return ()
        drafts = visible_drafts(request.user).filter(pk=draft_id, wire_version__isnull=False)
        story_id = drafts.values_list("wire_version__story", flat=True).first()
        if story_id is None:
            return ()
        rows = StoryPhoto.objects.in_library(story_id).select_related("photo")
        photos = {
            row.photo.pk: row.photo
            for row in rows.defer("photo__placeholder")
            if row.photo and row.photo.state != Photo.State.FAILED
        }
        return list(photos.values())[:MAX_OFFERED_PHOTOS]

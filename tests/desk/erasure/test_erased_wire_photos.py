"""Photos that came with agency copy are erased with it, but for those that another story shows."""

import pytest
from django.utils import timezone

from accounts.models import User
from desk.actions import edit, publish_now, start_from_wire
from desk.actions.legal.erasing import erase_article
from desk.tasks import finish_committed_erasures
from media.models import Photo
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from wire.actions import receive_delivery
from wire.models import Source, Story, StoryPhoto

pytestmark = pytest.mark.django_db


def test_photos_of_agency_copy_go_with_it_unless_another_story_shows_them(chief: User) -> None:
    receive_delivery(Source.objects.get(slug="yonhap"), raw=agency_copy(), by=None)
    story = Story.objects.get()
    assert story.current
    unused, used = make.photo(alt="아무도 쓰지 않은 사진"), make.photo(alt="다른 기사의 사진")
    for number, photo in enumerate((unused, used, None)):
        StoryPhoto.objects.create(
            version=story.current,
            key=str(number),
            photo=photo,
            caption="까마귀",
            due_at=timezone.now(),
        )
    make.live(lead_photo=used)
    draft = start_from_wire(story, by=chief)
    article = publish_now(edit(draft, by=chief, **make.draft_data()), by=chief).article
    erase_article(
        article, by=chief, slug=article.slug, reason="법원 결정", reference="2026카합0001"
    )
    finish_committed_erasures()
    assert not StoryPhoto.objects.exists()
    assert not Photo.objects.filter(pk=unused.pk).exists()
    assert Photo.objects.filter(pk=used.pk).exists()


def test_photo_of_other_agency_copy_stays(chief: User) -> None:
    yonhap = Source.objects.get(slug="yonhap")
    receive_delivery(yonhap, raw=agency_copy(), by=None)
    story = Story.objects.get()
    receive_delivery(yonhap, raw=agency_copy("새 다리 놓는다", body=["다리다."]), by=None)
    other = Story.objects.exclude(pk=story.pk).get()
    photo = make.photo(alt="두 기사의 사진")
    for version in (story.current, other.current):
        assert version
        StoryPhoto.objects.create(version=version, key="1", photo=photo, due_at=timezone.now())
    draft = start_from_wire(story, by=chief)
    data = make.draft_data(lead_photo=photo)
    article = publish_now(edit(draft, by=chief, **data), by=chief).article

    erase_article(
        article, by=chief, slug=article.slug, reason="법원 결정", reference="2026카합0002"
    )
    finish_committed_erasures()

    assert StoryPhoto.objects.get().photo == photo

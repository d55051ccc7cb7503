"""Values that the story form cannot take, as a hand-made request has them."""

import pytest

from accounts.models import User
from tests.desk.admin.test_admin_stories import StoryPage
from tests.support import make

pytestmark = pytest.mark.django_db
NO_IDS = ("²", "9" * 40, "9" * 5000, "-1", "x")


@pytest.mark.parametrize("field", ["lead_photo", "social_photo"])
@pytest.mark.parametrize("value", NO_IDS)
def test_photo_without_an_id_is_refused_on_the_form(ben: User, field: str, value: str) -> None:
    story, page = make.draft(), StoryPage(ben)
    answer = page.send(story, **{field: value})
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    story.refresh_from_db()
    assert story.version == 1

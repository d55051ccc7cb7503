import pytest
from rest_framework.test import APIClient

from tests import make


@pytest.mark.django_db
def test_a_published_story_is_read_in_one_call(api: APIClient) -> None:
    article = make.live(poll=make.poll_words(), lead_photo=make.photo())
    answer = api.get(f"/api/v1/articles/{article.slug}/")
    assert answer.status_code == 200, answer.content
    page = answer.json()
    assert page["headline"].startswith("시험용 로봇")
    assert page["poll"]["total_votes"] == 0
    assert len(page["summary"]) == 3

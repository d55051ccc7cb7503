"""What this newsroom publishes as ninjs and as feeds is read again by the wire's parsers."""

import pytest
from django.test import Client

from tests.support import make
from tests.support.formats.wire_documents import only_story
from wire.parsers.result import SEOUL

pytestmark = pytest.mark.django_db
HEADLINE, BODY = (
    "가상시, 강변길 다시 연다",
    "<h2>경과</h2><p>공사는 <strong>석 달</strong> 걸렸다.</p>",
)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/articles/{slug}/ninjs/",
        "/feeds/rss.xml?content=full",
        "/feeds/atom.xml?content=full",
    ],
)
def test_own_documents_are_read(path: str, client: Client) -> None:
    article = make.live(headline=HEADLINE, body=BODY)

    story = only_story(client.get(path.format(slug=article.slug)).content)
    assert story.headline == HEADLINE
    assert [(block.kind, block.text) for block in story.blocks][-2:] == [
        ("subhead", "경과"),
        ("paragraph", "공사는 석 달 걸렸다."),
    ]
    assert article.first_published_at is not None
    assert story.sent_at is not None
    published = article.first_published_at.astimezone(SEOUL)
    assert story.sent_at.replace(microsecond=0) == published.replace(microsecond=0)

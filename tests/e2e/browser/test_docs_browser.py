"""API documentation page in a real browser, under the content security policy."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def test_api_docs_page_lists_the_endpoints(page: Page) -> None:
    page.goto("/api/v1/docs/")
    expect(page.get_by_text("/api/v1/articles/{slug}/").first).to_be_visible()

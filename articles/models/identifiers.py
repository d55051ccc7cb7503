"""Public identifiers of an article: its path on the site, and its permanent URN."""

from uuid import UUID


def article_path(slug: str) -> str:
    return f"/articles/{slug}/"


def section_path(slug: str) -> str:
    return f"/sections/{slug}/"


def article_urn(uid: UUID) -> str:
    """Permanent identifier as a URI (`urn:uuid:`, RFC 9562).

    The same in feeds, ninjs, the change feed, webhooks and the archive; independent of the article's
    slug and of the site's domain.
    """
    return uid.urn

"""URLs of feeds and sitemaps, outside of the API."""

from django.urls import URLPattern, path, re_path

from articles.api import views_syndication as views
from newsroom.http.slug_redirects import redirect_to_canonical_slug

FEED_FILE_NAMES_PATTERN = "|".join(name.replace(".", r"\.") for name in views.FEED_FORMATS)

urlpatterns: list[URLPattern] = [
    re_path(rf"^feeds/(?P<name>{FEED_FILE_NAMES_PATTERN})$", views.feed, name="feed"),
    re_path(
        rf"^sections/(?P<slug>[^/]+)/feeds/(?P<name>{FEED_FILE_NAMES_PATTERN})$",
        redirect_to_canonical_slug(views.section_feed),
        name="section-feed",
    ),
    path("sitemap.xml", views.sitemap_index, name="sitemap-index"),
    path("sitemap-news.xml", views.news_sitemap, name="sitemap-news"),
    path("sitemap-<str:month>.xml", views.sitemap, name="sitemap"),
]

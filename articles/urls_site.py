"""Files for machines, at the site's own addresses."""

from django.urls import URLPattern, path, re_path

from articles import views_machines as machines

KINDS = "|".join(name.replace(".", r"\.") for name in machines.KINDS)

urlpatterns: list[URLPattern] = [
    re_path(rf"^feeds/(?P<name>{KINDS})$", machines.feed, name="feed"),
    re_path(
        rf"^sections/(?P<slug>[\w-]+)/feeds/(?P<name>{KINDS})$",
        machines.section_feed,
        name="section-feed",
    ),
    path("sitemap.xml", machines.sitemap_index, name="sitemap-index"),
    path("sitemap-news.xml", machines.news_sitemap, name="sitemap-news"),
    path("sitemap-<str:month>.xml", machines.sitemap, name="sitemap"),
]

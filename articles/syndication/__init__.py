"""Syndication: feeds, sitemaps, structured data, ninjs and the change feed.

    feeds.py            RSS 2.0, Atom and JSON Feed
    feed_updates.py     last change of each feed (Last-Modified)
    sitemaps.py         sitemap, sitemap index and news sitemap
    sitemap_months.py   articles a month, for the sitemap index
    structured_data.py  JSON-LD (schema.org NewsArticle) and Open Graph
    ninjs.py            IPTC ninjs 3.1
    change_feed.py      change feed for mirrors and search engines

The views are in articles/api (views_syndication.py, views_ninjs.py, views_changes.py).
"""

"""Articles that readers see: models, reader API, search, syndication, readership, related articles.

    models/        articles, editions, site structure, and the rows of the packages below
    actions.py     changes of masthead, sections, authors, tags; events of closed polls
    read_queries.py, surrogate_keys.py, visibility.py
                   what public reads have in common
    api/           reader API
    search/        search and autocomplete
    syndication/   feeds, sitemaps, structured data, ninjs, change feed
    readership/    page views and most-read articles
    related/       related articles

Written by `desk.actions` only, but for site structure and derived rows.
"""

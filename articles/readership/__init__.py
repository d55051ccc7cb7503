"""Readership: page views of articles and the most-read ranking.

    visitors.py     bots and prefetches, anonymous visitor keys
    referrers.py    where a view came from, as a class: direct, search, portal, social, other, internal
    stores.py       view buffers: Redis, or the database without Redis
    view_counts.py  records views, adds them to the counts, purges old rows
    popular.py      most-read articles within sliding windows

The beacon and the list are in articles/api/views_readership.py, the rows in
articles/models/page_views.py.
"""

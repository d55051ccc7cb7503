"""Full-text search of live articles, by n-grams of two and three syllables.

    documents.py      indexed plain text of an article, its filters and sort key
    indexer.py        keeps the index in step with the live editions (sweep, reindex)
    backends/         writes the inverted index: postgres.py (tsvector, GIN), sqlite_fts.py (FTS5)
    ranking.py        search: candidates from the index, verified on the text, ranked by fit and date
    highlight.py      <mark> in headlines and snippets
    autocomplete.py   suggestions of words by prefix
    prefix_keys.py    sortable keys of Hangul prefixes, also of half syllables and initials

The engine below it is newsroom/search: tokenizer, query parser, time windows, reading of the index.
The views are in articles/api (views.py, views_autocomplete.py), the rows in articles/models
(search.py, autocomplete.py), the periodic task is `articles.tasks.update_search_index`.
"""

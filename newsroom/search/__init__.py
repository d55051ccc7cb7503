"""Inverted index of n-grams in the database in use; articles and the wire inbox have one each.

tokenizer.py        case folding, tokens (syllables, runs of letters or digits), n-grams
query_parser.py     search syntax: words, "phrases", -excluded words
expressions.py      boolean expressions of terms, rendered for tsquery or FTS5
sort_keys.py        sort keys of rows by a moment, and terms of days, months and years
time_windows.py     splits a search into periods, nearest first (PostgreSQL)
inverted_index.py   reads an index: PostgreSQL (tsvector, GIN) or SQLite (FTS5)
"""

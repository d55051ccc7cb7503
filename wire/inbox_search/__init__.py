"""Search of the wire inbox in every version, by the engine of newsroom/search.

    terms.py        index terms of a version: n-grams of its text, filters, days
    index.py        writes the rows of versions, and reads them
    search.py       searches: candidates from the index, verified on the text, newest first
    conditions.py   what filters ask of the current version; words without letters

What is private (contacts, notes to editors, dropped lines) is not indexed.
"""

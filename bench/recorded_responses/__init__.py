"""Recorded responses: every public and desk GET of the demo newsroom, with a fixed clock, as one JSON file.

    python -m bench.recorded_responses record FILE             a minute; prints the count and the SHA-256
    python -m bench.recorded_responses compare FILE [OTHER]    exit status 1 where a response differs

Two recordings of the same behaviour are byte-identical, also where modules, classes and functions have
other names: of the project only settings, commands, URLs, JSON and the models' public names
(`articles.Article`) are used.  An older checkout is recorded with a copy of this folder in its `bench/`,
started from its root; it needs time-machine installed, a `newsroom.settings` and the commands `prepare`,
`demo`, `token` and `publish_due`.

The data is a folder of its own with SQLite; clock, random numbers, hash seed and SECRET_KEY are fixed.
Not recorded: the admin, request ids, values of cookies and of CSRF tokens, nonces, the figures of
/metrics (its families are).
"""

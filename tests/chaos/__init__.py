"""Chaos test of publishing: every process killed, the broker flushed, the database restarted, by a seed.

`run.py` says what happens; `tests/e2e/test_chaos.py` runs half a minute of it, `python -m bench.chaos`
as long as wanted. Everything goes through doors: commands, the HTTP API, rows that are read.
"""

"""Screening of new votes: which are held instead of counted, by where they come from and how many come.

Counted votes are never touched. Addresses are kept nowhere but in the cache, as keyed digests that change
every day and last a day at most (polls/screening/origins.py).
"""

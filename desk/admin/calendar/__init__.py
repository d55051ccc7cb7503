"""Calendar of the desk: what is scheduled, published, comes down and is under embargo, by month, week, day.

    period.py   the days that a view shows. Pure
    sources.py  what has a time: releases, bundles, articles, comes-down and embargo times
    agenda.py   the items of a period by day, filtered by section and person
    views.py    the page, and moving a scheduled story or bundle to another time

A further kind of time (a due time of an assignment) is a `Source` in `sources.SOURCES`.
"""

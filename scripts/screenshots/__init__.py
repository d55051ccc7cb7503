"""Screenshots for the README: `python -m scripts.screenshots [FOLDER]`.

Starts a newsroom of its own with the demo and a day's work in it, takes every picture in Korean, and those
of the desk in English too, and leaves nothing behind. Needs Chromium and a font with Hangul.

    __main__.py   the newsroom for the length of the run, and its pictures
    day.py        a day's work: what waits, is scheduled, failed, went out, and was changed
"""

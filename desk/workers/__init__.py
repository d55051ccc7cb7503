"""Background work of the desk, called by Celery tasks and commands: each pass may run twice, anywhere.

scheduler.py       publishing what is due, taking down what has expired
link_checks.py     link checks, in a thread of their own
suggestions.py     requests to the assistant, in a thread of their own
nightly_backup.py  the backup of a night
"""

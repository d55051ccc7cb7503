"""Project package: settings, URLs, Celery application, and what all apps build upon."""

from newsroom.celery import app as celery

__all__ = ["celery"]

"""Project package: settings, URLs, Celery application, and what all apps build upon."""

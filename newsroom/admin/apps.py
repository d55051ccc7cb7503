"""AppConfig of the Django admin, and the loading of its pages."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.utils.module_loading import autodiscover_modules


class NewsroomAdmin(SimpleAdminConfig):
    """The Django admin with the dashboard as its front page.

    Its pages are loaded by the URL configuration and by the system checks, not at each start: a worker,
    beat or a command serves none, and they are a third of the processor time that a start takes.
    """

    default_site = "desk.admin.site.NewsroomAdminSite"

    def ready(self) -> None:
        # Instead of super(): Django's check would find no pages where it runs before others load them.
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_admin_pages, checks.Tags.admin)


def load_admin_pages() -> None:
    """Import the modules that register admin pages: `admin`, and `admin.pages` where importing the package
    cannot register them (desk/admin/__init__.py)."""
    autodiscover_modules("admin", "admin.pages", register_to=admin.site)


def check_admin_pages(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """Django's own checks of every registered page."""
    load_admin_pages()
    return check_admin_app(app_configs, **more)

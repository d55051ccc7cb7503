"""The newsroom's admin site: its name, and its front page."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class Newsroom(AdminSite):
    site_header = _("Newsroom")
    site_title = _("Newsroom")
    index_title = _("Today")
    site_url = "/"

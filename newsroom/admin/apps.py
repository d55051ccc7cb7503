"""AppConfig of the Django admin."""

from django.contrib.admin.apps import AdminConfig


class NewsroomAdmin(AdminConfig):
    """The Django admin with the dashboard as its front page."""

    default_site = "desk.admin.site.NewsroomAdminSite"

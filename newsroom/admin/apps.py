from django.contrib.admin.apps import AdminConfig


class NewsroomAdmin(AdminConfig):
    """The Django admin with the newsroom's front page."""

    default_site = "desk.admin.site.NewsroomAdminSite"

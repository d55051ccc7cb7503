"""URLs of the comment API."""

from django.urls import path

from comments.api import notifications, views
from newsroom.http.slug_redirects import redirect_to_canonical_slug

urlpatterns = [
    path(
        "articles/<str:slug>/comments/",
        redirect_to_canonical_slug(views.CommentList.as_view()),
        name="comment-list",
    ),
    path("comments/<int:pk>/", views.CommentDetail.as_view(), name="comment-detail"),
    path("comments/<int:pk>/reaction/", views.CommentReaction.as_view(), name="comment-reaction"),
    path("comments/<int:pk>/reports/", views.CommentReports.as_view(), name="comment-reports"),
    path("me/comments/", views.MyComments.as_view(), name="my-comments"),
    path("me/notifications/", notifications.NotificationList.as_view(), name="my-notifications"),
    path(
        "me/notifications/<int:pk>/",
        notifications.NotificationDetail.as_view(),
        name="my-notification",
    ),
    path(
        "me/notifications/preferences/",
        notifications.Preferences.as_view(),
        name="my-notification-preferences",
    ),
    path(
        "me/notifications/read/",
        notifications.NotificationsRead.as_view(),
        name="my-notifications-read",
    ),
    path(
        "me/notifications/unread/",
        notifications.UnreadCount.as_view(),
        name="my-notifications-unread",
    ),
]

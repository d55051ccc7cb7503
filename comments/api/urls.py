"""URLs of the comment API."""

from django.urls import path

from comments.api import notifications, views, views_procedures
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
    path(
        "comments/<int:pk>/appeal/",
        views_procedures.CommentAppeal.as_view(),
        name="comment-appeal",
    ),
    path(
        "comments/<int:pk>/block-requests/",
        views_procedures.BlockRequests.as_view(),
        name="comment-block-requests",
    ),
    path(
        "comments/<int:pk>/block-objection/",
        views_procedures.BlockObjection.as_view(),
        name="comment-block-objection",
    ),
    path("me/appeals/", views_procedures.MyAppeals.as_view(), name="my-appeals"),
    path("me/reports/", views_procedures.MyReports.as_view(), name="my-reports"),
    path("me/sanctions/", views_procedures.MySanctions.as_view(), name="my-sanctions"),
    path(
        "me/sanctions/<int:pk>/appeal/",
        views_procedures.SanctionAppeal.as_view(),
        name="my-sanction-appeal",
    ),
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

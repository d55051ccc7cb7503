"""URLs of the polls API."""

from django.urls import path

from polls.api import views

urlpatterns = [
    path("polls/<int:pk>/", views.PollDetail.as_view(), name="poll-detail"),
    path("polls/<int:pk>/vote/", views.PollVote.as_view(), name="poll-vote"),
]

"""Addresses and tasks that leave something to watch: a task, a task of a task, a break, a read that
nobody else asks for."""

import logging

from celery import shared_task
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

import newsroom.celery  # noqa: F401  -- the application that sends these tasks
from accounts.models import User
from articles.api.views import ArticleDetail
from newsroom import urls

logger = logging.getLogger("watched")
UNPUBLISHED_TEXT = "아직 아무도 모르는 이야기"
PERSONAL_ADDRESS = "kim.reader@example.com"


@shared_task(name="watched.first")
def first() -> None:
    logger.info("first")
    second.delay()


@shared_task(name="watched.second")
def second() -> None:
    logger.info("second")


@shared_task(name="watched.falls")
def falls(person: str) -> None:
    body = UNPUBLISHED_TEXT
    raise RuntimeError(f"{len(body)} letters could not be sent to {person}")


@csrf_exempt
def ask(request: HttpRequest) -> HttpResponse:
    first.delay()
    return HttpResponse(status=202)


@csrf_exempt
def ask_what_falls(request: HttpRequest) -> HttpResponse:
    falls.delay(PERSONAL_ADDRESS)
    return HttpResponse(status=202)


@csrf_exempt
def breaks(request: HttpRequest, key: str) -> HttpResponse:
    body = UNPUBLISHED_TEXT
    User.objects.create(email=PERSONAL_ADDRESS, name="김독자", nickname=str(len(body)))
    # The second one breaks a constraint, whose message a database fills with the row.
    User.objects.create(email=PERSONAL_ADDRESS, name="김독자", nickname=str(len(body)))
    raise AssertionError


urlpatterns = [
    path("desk/watched/ask/", ask, name="watched-ask"),
    path("desk/watched/ask-what-falls/", ask_what_falls, name="watched-ask-what-falls"),
    path("desk/watched/breaks/<str:key>/", breaks, name="watched-breaks"),
    path("watched/articles/<str:slug>/", ArticleDetail.as_view(), name="watched-article"),
    *urls.urlpatterns,
]
handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500

"""URLs of the benchmark: the newsroom's, constant bytes of any size, and the insert of one row."""

from functools import lru_cache

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from newsroom.http.cache_control import set_public_cache_control
from newsroom.urls import handler400, handler404, handler500
from newsroom.urls import urlpatterns as newsroom

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]


@lru_cache
def constant_bytes(size: int) -> bytes:
    return b"x" * size


def constant(request: HttpRequest, size: int) -> HttpResponse:
    """So many bytes, with the headers that a public read has."""
    answer = HttpResponse(constant_bytes(size), content_type="application/json")
    set_public_cache_control(answer)
    return answer


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    """Insert the body as one row of one table, in a transaction of its own (bench/writes.py)."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (body) VALUES (%s)", [request.body.decode()])
    return HttpResponse(b"{}", content_type="application/json")


urlpatterns = [*newsroom, path("bench/<int:size>/", constant), path("bench/insert/", insert)]

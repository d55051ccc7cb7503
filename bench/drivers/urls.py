"""The newsroom's addresses and, beside them, constant bytes of any size."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.urls import path

from newsroom.http.cache_control import let_keep
from newsroom.urls import handler400, handler404, handler500
from newsroom.urls import urlpatterns as newsroom

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]


@lru_cache
def bytes_of(size: int) -> bytes:
    return b"x" * size


def constant(request: HttpRequest, size: int) -> HttpResponse:
    """So many bytes, with the headers that a public read has."""
    answer = HttpResponse(bytes_of(size), content_type="application/json")
    let_keep(answer)
    return answer


urlpatterns = [*newsroom, path("bench/<int:size>/", constant)]

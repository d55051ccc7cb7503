"""URLs of the benchmark: the newsroom's, and constant bytes of any size."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.urls import path

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


urlpatterns = [*newsroom, path("bench/<int:size>/", constant)]

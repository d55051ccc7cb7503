"""What stands around every page: the masthead, the menu, and how long a copy may be kept."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from articles.models import Masthead, Section
from dispatch.places import MASTHEAD
from newsroom.cachekeys import mark

AROUND = (MASTHEAD, "sections")


def framed(
    request: HttpRequest,
    template: str,
    /,
    *,
    status: int = 200,
    keys: Iterable[str] = (),
    **words: Any,
) -> HttpResponse:
    """A page of the site, the same for everybody: kept by any cache under these keys and those of what
    stands around it, asked for again each time.

    What says that something is not there (404, 410) is kept by nobody: it may be there the next second.
    """
    furniture = {"masthead": Masthead.current(), "sections": list(Section.objects.all())}
    answer = render(request, template, furniture | words, status=status)
    if status == 200:
        patch_cache_control(answer, public=True, max_age=0, must_revalidate=True)
        mark(answer, [*AROUND, *keys])
    else:
        patch_cache_control(answer, no_store=True)
    return answer

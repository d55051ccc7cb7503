"""What stands around every page: the masthead, the menu, and how long a copy may be kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from articles.models import Masthead, Section


def framed(
    request: HttpRequest, template: str, /, *, status: int = 200, **words: Any
) -> HttpResponse:
    """A page of the site, the same for everybody: kept by any cache, asked for again each time.

    What says that something is not there (404, 410) is kept by nobody: it may be there the next second.
    """
    furniture = {"masthead": Masthead.current(), "sections": list(Section.objects.all())}
    answer = render(request, template, furniture | words, status=status)
    if status == 200:
        patch_cache_control(answer, public=True, max_age=0, must_revalidate=True)
    else:
        patch_cache_control(answer, no_store=True)
    return answer

"""What stands around every page: the masthead, the menu, and how long a copy may be kept."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Masthead, Section
from newsroom.http.cache_control import set_public_cache_control
from newsroom.http.surrogate_keys import set_surrogate_keys
from outbox.cache_targets import MASTHEAD_KEY

LAYOUT_KEYS = (MASTHEAD_KEY, "sections")


def render_page(
    request: HttpRequest,
    template: str,
    /,
    *,
    status: int = 200,
    keys: Iterable[str] = (),
    **words: Any,
) -> HttpResponse:
    """A page of the site, the same for everybody: kept by any cache under these keys and those of what
    stands around it, for as long as newsroom/http/cache_control.py says.

    What says that something is not there (404, 410) is kept by nobody: it may be there the next second.
    """
    furniture = {"masthead": Masthead.current(), "sections": list(Section.objects.all())}
    answer = render(request, template, furniture | words, status=status)
    if status == 200:
        set_public_cache_control(answer)
        set_surrogate_keys(answer, [*LAYOUT_KEYS, *keys])
    else:
        answer["Cache-Control"] = "no-store"
    return answer

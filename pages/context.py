"""What stands around every page: the masthead, the menu, and how long a copy may be kept."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Masthead, Section
from newsroom.http.cache_control import let_keep
from newsroom.http.surrogate_keys import mark
from outbox.cache_targets import MASTHEAD

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
    stands around it, for as long as newsroom/http/cache_control.py says.

    What says that something is not there (404, 410) is kept by nobody: it may be there the next second.
    """
    furniture = {"masthead": Masthead.current(), "sections": list(Section.objects.all())}
    answer = render(request, template, furniture | words, status=status)
    if status == 200:
        let_keep(answer)
        mark(answer, [*AROUND, *keys])
    else:
        answer["Cache-Control"] = "no-store"
    return answer

"""What is done at the desk: one verb an address, one action a verb."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from desk.api.base import DeskView
from desk.api.serializers.stories import NothingIn
from newsroom.api.views import Input


class Deed(DeskView, ABC):
    """POST: look at If-Match, read the words, do it. Stands behind the view that knows the thing."""

    takes: ClassVar[type[Input]] = NothingIn

    def post(self, request: Request, **address: int) -> Response:
        [number] = address.values()
        found = self.found(pk=number)
        version = self.decided_on(found)
        words = self.takes.read(request)
        return self.done(found, by=self.person, version=version, **words)

    @abstractmethod
    def found(self, **where: Any) -> Any:
        """The thing this request is about; NotFound where there is none."""

    @abstractmethod
    def decided_on(self, found: Any) -> int | None:
        """The version that If-Match names; None for `*`."""

    @abstractmethod
    def done(self, found: Any, /, **how: Any) -> Response:
        """Call the action, with `by`, `version` and the words that came, and answer."""

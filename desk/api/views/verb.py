"""What is done at the desk: one verb an address, one action a verb."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from desk.api.base import DeskView
from desk.api.serializers.stories import NothingIn
from newsroom.api.views import StrictSerializer


class ActionView(DeskView, ABC):
    """POST: look at If-Match, read the words, do it. Stands behind the view that knows the thing."""

    input_class: ClassVar[type[StrictSerializer]] = NothingIn

    def post(self, request: Request, **address: int) -> Response:
        [number] = address.values()
        found = self.get_resource(pk=number)
        version = self.expected_version(found)
        words = self.input_class.validate_request(request)
        return self.perform(found, by=self.staff_user, version=version, **words)

    @abstractmethod
    def get_resource(self, **where: Any) -> Any:
        """The thing this request is about; NotFound where there is none."""

    @abstractmethod
    def expected_version(self, found: Any) -> int | None:
        """The version that If-Match names; None for `*`."""

    @abstractmethod
    def perform(self, found: Any, /, **how: Any) -> Response:
        """Call the action, with `by`, `version` and the words that came, and answer."""

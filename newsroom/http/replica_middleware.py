"""Public reads of people who are not signed in may read from the replica of the database."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from newsroom.db.replica_reads import has_replica, replica_reads
from newsroom.http.middleware import is_public_read


class ReplicaReadsMiddleware:
    """Lets the compiled queries of these requests go to the replica; not used without one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not has_replica():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_signed_in = (
            settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        )
        if is_signed_in or not is_public_read(request):
            return self.get_response(request)
        with replica_reads():
            return self.get_response(request)

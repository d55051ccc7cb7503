"""How often somebody may write. No promise of the house: constraints keep those."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView


class WriteThrottle(ScopedRateThrottle):
    """As many changes as the view's `throttle_scope` allows, by account, else by address.

    Reads pass.
    Beyond it 429 with Retry-After in seconds; refused attempts do not make the wait longer.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().allow_request(request, view)

    def get_rate(self) -> Any:
        # Read each time: DRF's class attribute would keep what the first import saw.
        return api_settings.DEFAULT_THROTTLE_RATES[str(self.scope)]

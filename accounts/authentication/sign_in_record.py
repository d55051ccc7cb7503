"""Sign-in record of a session: when it was made, and the names of browser and system."""

from dataclasses import asdict

from django.http import HttpRequest
from django.utils import timezone

from accounts.active_sessions import SIGN_IN_KEY
from accounts.authentication.known_browser import is_app_client
from accounts.devices import device_of


def record_sign_in(request: HttpRequest) -> None:
    """Write time and device of a sign-in into the data of its session; neither address nor header."""
    device = device_of(request.headers.get("User-Agent", ""), is_app=is_app_client(request))
    request.session[SIGN_IN_KEY] = {"at": timezone.now().isoformat(), **asdict(device)}
